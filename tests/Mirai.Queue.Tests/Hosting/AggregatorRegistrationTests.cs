using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mirai.Queue.Tests.Server;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Hosting;

/// <summary>Aggregators as an application registers them, in a whole worker on real time.</summary>
internal sealed class AggregatorRegistrationTests : RedisTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly EnqueueOptions InGroup = new() { Queue = "mail", Group = "user:42" };

    [Test]
    public async Task AddAggregator_RunsClassInAScopeOfItsOwn_ForEveryGroup()
    {
        var scopes = new List<Guid>();
        var digests = new List<string>();
        var done = new TaskCompletionSource();
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl,
            (context, _) =>
            {
                lock (digests)
                {
                    digests.Add(System.Text.Encoding.UTF8.GetString(context.Payload.Span));
                    if (digests.Count == 2)
                    {
                        done.SetResult();
                    }
                }

                return Task.CompletedTask;
            },
            options =>
            {
                options.GroupMaxSize = 2;
                options.GroupGracePeriod = TimeSpan.FromSeconds(1);
            },
            queue => queue.AddAggregator<ScopedAggregator>()
                .WithServices(services => services.AddScoped<ScopedThing>().AddSingleton(scopes)));

        await worker.Client.EnqueueManyAsync([.. "abcd".Select(letter =>
            new QueueTask("mail:push", options: InGroup with { TaskId = letter.ToString() }))]);

        await done.Task.WaitAsync(Patience);
        Assert.That(digests, Is.EquivalentTo(new[] { "a,b", "c,d" }));
        Assert.That(scopes.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task AddAggregator_RunsFunction_AndTheAggregateAtOnce()
    {
        var handled = new TaskCompletionSource<(string Type, string Queue)>();
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl,
            (context, _) =>
            {
                handled.SetResult((context.Type, context.Queue));
                return Task.CompletedTask;
            },
            options =>
            {
                options.GroupGracePeriod = TimeSpan.FromSeconds(1);
                options.TaskCheckInterval = TimeSpan.FromMinutes(1);
            },
            queue => queue.AddAggregator((group, tasks) => new QueueTask($"mail:{group}:{tasks.Count}")));

        await worker.Client.EnqueueAsync(new QueueTask("mail:push"), InGroup);

        Assert.That(await handled.Task.WaitAsync(Patience), Is.EqualTo(("mail:user:42:1", "mail")));
    }

    [Test]
    public async Task Worker_LeavesGroupsToOthers_WithoutAnAggregator()
    {
        await Redis.HashSetAsync(
            "asynq:{mail}:t:a", [new("msg", "x"), new("state", "aggregating"), new("group", "user:42")]);
        await Redis.SortedSetAddAsync("asynq:{mail}:g:user:42", "a", 0); // due for ages
        await Redis.SetAddAsync("asynq:{mail}:groups", "user:42");
        var handled = new TaskCompletionSource();
        await using var worker = await WorkerHost.StartAsync(RedisUrl, (_, _) =>
        {
            handled.SetResult();
            return Task.CompletedTask;
        });

        await worker.Client.EnqueueAsync(new QueueTask("mail:push"), new EnqueueOptions { Queue = "mail" });
        await handled.Task.WaitAsync(Patience);
        await worker.StopAsync();

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(1));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "user:42"), Is.True);
    }

    [Test]
    public void AddAggregator_RefusesASecond()
    {
        var queue = new ServiceCollection().AddMiraiQueue(_ => { }).AddServer().AddAggregator<ScopedAggregator>();

        Assert.That(
            () => queue.AddAggregator((_, _) => new QueueTask("x")),
            Throws.InvalidOperationException.With.Message.Contains("aggregator already"));
    }

    [TestCase("GroupGracePeriod", 0.9, 0, 0)]
    [TestCase("GroupMaxDelay", 60, -1, 0)]
    [TestCase("GroupMaxSize", 60, 0, -1)]
    public void AddServer_NamesTheSetting_ThatIsOutOfItsLimits(string name, double grace, double delay, int size)
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer(options =>
        {
            options.GroupGracePeriod = TimeSpan.FromSeconds(grace);
            options.GroupMaxDelay = TimeSpan.FromSeconds(delay);
            options.GroupMaxSize = size;
        });
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IOptions<QueueServerOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(name));
    }

    private sealed class ScopedAggregator(ScopedThing thing, List<Guid> scopes) : ITaskAggregator
    {
        public Task<QueueTask> AggregateAsync(
            string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken)
        {
            lock (scopes)
            {
                scopes.Add(thing.Id);
            }

            return Task.FromResult(new QueueTask(
                "mail:digest", System.Text.Encoding.UTF8.GetBytes(string.Join(',', tasks.Select(task => task.Id)))));
        }
    }
}
