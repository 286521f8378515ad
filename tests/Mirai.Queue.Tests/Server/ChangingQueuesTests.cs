using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Tests.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>A whole worker on real time, whose configuration changes. Nothing here waits for a poll unless it says so:
/// its interval is a minute.</summary>
internal sealed class ChangingQueuesTests : StoreTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Channel<string> handled = null!;
    private IDatabase redis = null!;
    private int running;
    private int mostAtOnce;

    [SetUp]
    public void Forget() =>
        (handled, redis, running, mostAtOnce) = (Channel.CreateUnbounded<string>(), Redis, 0, 0);

    [Test]
    public async Task Worker_ServesAQueueOfItsPattern_AtOnce_WhenAMiraiClientUsesIt()
    {
        var (host, client, _) = await StartAsync(("Queues:tenant:*", "1"));
        using var _ = host;
        await WaitForAsync(async () => (await ShownAsync()).Count > 0);

        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "tenant:1" });
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "tenant:2" });

        Assert.That(new[] { await NextAsync(), await NextAsync() }, Is.EquivalentTo(new[] { "tenant:1", "tenant:2" }));
        await WaitForAsync(async () => (await ShownAsync()).Single().Count == 2);
        await host.StopAsync();
    }

    [Test]
    public async Task Worker_ServesAQueueOfItsPattern_ByPolling_WhenItsProducerSendsNoSignal()
    {
        var (host, _, _) = await StartAsync(("Queues:tenant:*", "1"), ("TaskCheckInterval", "00:00:00.05"));
        using var _ = host;
        await WaitForAsync(async () => (await ShownAsync()).Count > 0);

        // As Go does it: the set of queues, the hash, the list.
        var message = Message("go");
        message.Queue = "tenant:go";
        await Redis.SetAddAsync("asynq:queues", "tenant:go");
        await Redis.HashSetAsync(
            "asynq:{tenant:go}:t:go",
            [new("msg", message.ToByteArray()), new("state", "pending"), new("pending_since", "1")]);
        await Redis.ListLeftPushAsync("asynq:{tenant:go}:pending", "go");

        Assert.That(await NextAsync(), Is.EqualTo("tenant:go"));
        await host.StopAsync();
    }

    [Test]
    public async Task Worker_FollowsItsConfiguration_WhileItRuns()
    {
        var (host, client, configuration) = await StartAsync(("Queues:mail", "1"));
        using var _ = host;
        await WaitForAsync(async () => (await ShownAsync()).Count > 0);

        configuration["Server:Queues:mail"] = "0";
        configuration["Server:Queues:sms"] = "3";
        configuration["Server:Queues:tenant:*"] = "2";
        configuration.Reload();
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "mail" });
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "sms" });
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "tenant:1" });

        Assert.That(new[] { await NextAsync(), await NextAsync() }, Is.EquivalentTo(new[] { "sms", "tenant:1" }));
        await WaitForAsync(async () => (await ShownAsync()).Single() is { Count: 2 } shown && shown["sms"] == 3
            && shown["tenant:1"] == 2);
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(1), "nobody serves it any more");
        await host.StopAsync();
    }

    [TestCase("Server:QueueLimits:nobody", "1")]
    [TestCase("Server:Concurrency", "0")]
    [TestCase("Server:Queues:mail", "many")]
    public async Task Worker_KeepsItsSettings_WhenNewOnesAreNotValid(string key, string value)
    {
        var (host, client, configuration) = await StartAsync(("Queues:mail", "1"));
        using var _ = host;

        configuration["Server:Queues:sms"] = "1";
        configuration[key] = value;
        ReloadInvalid(configuration);
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "sms" });
        await client.EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "mail" });
        Assert.That(await NextAsync(), Is.EqualTo("mail"));

        configuration[key] = key.EndsWith("nobody", StringComparison.Ordinal) ? null : "1";
        configuration["Server:Queues:nobody"] = "1";
        configuration.Reload();
        Assert.That(await NextAsync(), Is.EqualTo("sms"), "the next valid ones count again");
        await host.StopAsync();
    }

    [TestCase("QueueLimits:mail")]
    [TestCase("TypeLimits:mail:send")]
    public async Task Worker_GoesOnWithoutAPause_AtItsLimit(string limit)
    {
        const int Count = 100; // at a pause each they would take minutes
        var (host, client, _) = await StartAsync(("Queues:mail", "1"), (limit, "1"), ("Concurrency", "5"));
        using var _ = host;

        await client.EnqueueManyAsync([.. Enumerable.Range(0, Count).Select(
            _ => new QueueTask("mail:send", options: new EnqueueOptions { Queue = "mail" }))]);
        for (var i = 0; i < Count; i++)
        {
            await NextAsync();
        }

        await host.StopAsync();
        Assert.That(mostAtOnce, Is.EqualTo(1));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(Count));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
        Assert.That(await KeysAsync(), Has.None.Contains(":t:"));
    }

    private async Task<(IHost Host, IQueueClient Client, IConfigurationRoot Configuration)> StartAsync(
        params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Server:TaskCheckInterval", (string?)"00:01:00")])
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create($"Server:{setting.Key}", (string?)setting.Value)))
            .Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(new TestLoggerProvider());
        builder.Services.AddMiraiQueue(options => options.RedisUrl = RedisUrl)
            .AddServer(configuration.GetSection("Server"))
            .AddHandler("mail:", HandleAsync);
        var host = builder.Build();
        await host.StartAsync();

        return (host, host.Services.GetRequiredService<IQueueClient>(), configuration);
    }

    private async Task HandleAsync(TaskContext context, CancellationToken token)
    {
        InterlockedMax(Interlocked.Increment(ref running));
        await redis.PingAsync(); // long enough for another task to start
        Interlocked.Decrement(ref running);
        handled.Writer.TryWrite(context.Queue);
    }

    private void InterlockedMax(int count)
    {
        for (var most = mostAtOnce; count > most; most = mostAtOnce)
        {
            Interlocked.CompareExchange(ref mostAtOnce, count, most);
        }
    }

    // Whoever reloads hears of it from the options monitor; a changed file has nobody who would.
    private static void ReloadInvalid(IConfigurationRoot configuration)
    {
        try
        {
            configuration.Reload();
        }
        catch (Exception exception)
            when (exception is AggregateException or OptionsValidationException or InvalidOperationException)
        {
            TestContext.Out.WriteLine(exception.Message);
        }
    }

    private async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await handled.Reader.ReadAsync(patience.Token);
    }

    /// <summary>The queues of every server that shows itself.</summary>
    private static async Task<List<IDictionary<string, int>>> ShownAsync()
    {
        var shown = new List<IDictionary<string, int>>();
        foreach (var name in await Redis.SortedSetRangeByRankAsync("asynq:servers"))
        {
            if (await Redis.StringGetAsync(name.ToString()) is { HasValue: true } info)
            {
                shown.Add(ServerInfo.Parser.ParseFrom((byte[])info!).Queues);
            }
        }

        return shown;
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Redis.PingAsync(); // lets others run, unlike a mere yield
        }
    }
}
