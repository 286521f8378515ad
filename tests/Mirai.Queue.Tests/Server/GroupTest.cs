using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Tests.Server;

/// <summary>Servers that aggregate groups of queue "mail" into tasks "mail:digest" whose payload lists the
/// ids.</summary>
internal abstract class GroupTest : ServerTest
{
    protected static readonly EnqueueOptions InGroup = new() { Group = "user:42" };

    /// <summary>What the aggregator got, in order: the group and the ids of its tasks.</summary>
    protected ConcurrentQueue<(string Group, string[] TaskIds)> Aggregated { get; } = new();

    [SetUp]
    public void ForgetAggregated() => Aggregated.Clear();

    /// <summary>The parts of a server whose aggregator is <paramref name="aggregate"/>, if there is one.</summary>
    protected QueueServerParts Aggregating(
        Func<string, IReadOnlyList<TaskInfo>, CancellationToken, Task<QueueTask>>? aggregate = null,
        Action<QueueServerOptions>? configure = null)
    {
        var options = new QueueServerOptions();
        options.Queues["mail"] = 1;
        configure?.Invoke(options);
        var services = new ServiceCollection().AddMetrics()
            .AddSingleton<ITaskAggregator>(new TestAggregator(this, aggregate)).BuildServiceProvider();

        return new QueueServerParts(
            new QueueServerServices(
                Faults, Faults, services.GetRequiredService<IServiceScopeFactory>(),
                new QueueMetrics(services.GetRequiredService<IMeterFactory>()), Time, NullLoggerFactory.Instance),
            new QueueServerSetup(
                options, new TaskRouter([], []), new PatternMap<Func<RetryDelayArguments, TimeSpan>>([]),
                services => services.GetRequiredService<ITaskAggregator>()));
    }

    protected Task AddToGroupAsync(params string[] ids) => EnqueueAsync([.. ids.Select(id => NewTask(id, InGroup))]);

    protected static QueueTask Digest(IEnumerable<TaskInfo> tasks, EnqueueOptions? options = null) => new(
        "mail:digest", System.Text.Encoding.UTF8.GetBytes(string.Join(',', tasks.Select(task => task.Id))), options);

    /// <summary>The ids of the tasks that went into every aggregate that waits, in the order of the queue.</summary>
    protected static async Task<string[][]> DigestsAsync()
    {
        var digests = new List<string[]>();
        foreach (var id in (await ListAsync("asynq:{mail}:pending")).Reverse())
        {
            digests.Add((await StoredAsync(id)).Payload.ToStringUtf8().Split(','));
        }

        return [.. digests];
    }

    /// <summary>Fails unless all is in order and nothing of a group or set is left.</summary>
    protected static async Task AssertNothingLeftAsync()
    {
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
        Assert.That(
            (await KeysAsync()).Where(key => key.Contains(":g:", StringComparison.Ordinal)
                || key.EndsWith(":groups", StringComparison.Ordinal)
                    || key.EndsWith(":aggregation_sets", StringComparison.Ordinal)),
            Is.Empty);
    }

    /// <summary>As Go does it: hash, group, and the list of groups.</summary>
    protected static async Task AddAsGoAsync(string id, double addedAt, bool isListed = true)
    {
        var message = Message(id);
        message.GroupKey = "user:42";
        await Redis.HashSetAsync(
            $"asynq:{{mail}}:t:{id}",
            [new("msg", message.ToByteArray()), new("state", "aggregating"), new("group", "user:42")]);
        await Redis.SortedSetAddAsync("asynq:{mail}:g:user:42", id, addedAt);
        if (isListed)
        {
            await Redis.SetAddAsync("asynq:{mail}:groups", "user:42");
        }
    }

    /// <summary>As Go does it when the deadline of the only set is over: without the list of groups.</summary>
    protected static async Task TakeBackAsGoAsync()
    {
        var set = (await ZSetAsync("asynq:{mail}:aggregation_sets"))[0].Item1;
        foreach (var (id, addedAt) in await ZSetAsync(set))
        {
            await Redis.SortedSetAddAsync(set[..set.LastIndexOf(':')], id, addedAt);
        }

        await Redis.KeyDeleteAsync([set, "asynq:{mail}:aggregation_sets"]);
    }

    private sealed class TestAggregator(
        GroupTest test, Func<string, IReadOnlyList<TaskInfo>, CancellationToken,
        Task<QueueTask>>? aggregate) : ITaskAggregator
    {
        public Task<QueueTask> AggregateAsync(
            string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken)
        {
            test.Aggregated.Enqueue((group, [.. tasks.Select(task => task.Id)]));
            return aggregate?.Invoke(group, tasks, cancellationToken) ?? Task.FromResult(Digest(tasks));
        }
    }
}
