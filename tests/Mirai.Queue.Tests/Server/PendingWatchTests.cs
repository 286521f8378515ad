using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Mirai.Local.Redis;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Tests.Looping;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>A worker hears of tasks that a Go producer enqueues, although Go sends no signal. The poll interval is a
/// minute: what starts within seconds was not found by a poll.</summary>
[RequiresRedisServer]
internal sealed class PendingWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Channel<string> started = Channel.CreateUnbounded<string>();
    private RedisServerProcess redis = null!;
    private ConnectionMultiplexer go = null!;

    [SetUp]
    public async Task StartRedisAsync()
    {
        redis = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        go = await ConnectionMultiplexer.ConnectAsync($"{redis.Url},allowAdmin=true");
    }

    [TearDown]
    public async Task StopRedisAsync()
    {
        await go.DisposeAsync();
        await redis.DisposeAsync();
    }

    [TestCase(1)]
    [TestCase(100)]
    public async Task Worker_StartsTheTasksOfAGoProducer_WithoutWaitingForAPoll(int queues)
    {
        await using var worker = await StartAsync(options => AddQueues(options, queues));
        for (var i = 0; i < 20; i++)
        {
            await UntilWatchedAsync(queues);

            await PushAsGoAsync($"t{i}");

            Assert.That(await ReadStartedAsync(), Is.EqualTo($"t{i}"));
        }
    }

    [Test]
    public async Task Worker_StartsAMiraiTaskBehindAGoTask_WithoutWaitingForAPoll()
    {
        await using var worker = await StartAsync();
        await UntilWatchedAsync(1);

        await PushAsGoAsync("go");
        await worker.Client.EnqueueAsync(
            new QueueTask("mail:send"), new EnqueueOptions { Queue = "mail", TaskId = "mirai" });

        Assert.That(
            new[] { await ReadStartedAsync(), await ReadStartedAsync() }, Is.EquivalentTo(new[] { "go", "mirai" }));
    }

    [TestCase("normal")]
    [TestCase("pubsub")]
    public async Task Worker_WatchesAgain_AfterItsConnectionWasCut(string type)
    {
        await using var worker = await StartAsync();
        await UntilWatchedAsync(1);

        await go.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
        await UntilWatchedAsync(1);
        await PushAsGoAsync("a");

        Assert.That(await ReadStartedAsync(), Is.EqualTo("a"));
    }

    [Test]
    public async Task Worker_ReadsAPausedQueueOnce_AndWaits()
    {
        await go.GetDatabase().StringSetAsync("asynq:{mail}:paused", "1");
        await PushAsGoAsync("a");
        await using var worker = await StartAsync();
        await UntilWatchedAsync(1);
        await go.GetDatabase().PingAsync();
        var before = await CallsAsync("evalsha");
        await PushAsGoAsync("b");
        await RedisWait.UntilAsync(async () => await CallsAsync("evalsha") > before, Patience, "the worker asks");
        await UntilWatchedAsync(1);

        Assert.That(await CallsAsync("evalsha") - before, Is.LessThanOrEqualTo(10));
    }

    [Test]
    public async Task Worker_FindsTheTaskByPolling_WhenItsUserMayNotTrack()
    {
        await go.GetDatabase().ExecuteAsync("ACL", "SETUSER", "worker", "on", ">secret", "~*", "&*", "+@all", "-client");
        var log = new LogList<Subscriber>();
        await using var worker = await StartAsync(
            options => options.TaskCheckInterval = TimeSpan.FromMilliseconds(50),
            $"redis://worker:secret@{redis.Url}", log);
        await RedisWait.UntilAsync(() => Task.FromResult(Unwatched(log) == 1), Patience, "the worker says so");

        await PushAsGoAsync("a");
        Assert.That(await ReadStartedAsync(), Is.EqualTo("a"));

        await PushAsGoAsync("b");
        Assert.That(await ReadStartedAsync(), Is.EqualTo("b"));
        Assert.That(Unwatched(log), Is.EqualTo(1));
    }

    private static int Unwatched(LogList<Subscriber> log) => log.Lines.Count(line =>
        line.Level == LogLevel.Information && line.Message.StartsWith("Redis does not report", StringComparison.Ordinal));

    private static void AddQueues(QueueServerOptions options, int count)
    {
        for (var queue = 1; queue < count; queue++)
        {
            options.Queues[$"other{queue}"] = 1;
        }
    }

    private Task<WorkerHost> StartAsync(
        Action<QueueServerOptions>? configure = null, string? url = null, LogList<Subscriber>? log = null) =>
        WorkerHost.StartAsync(
            url ?? redis.Url,
            (context, token) => started.Writer.WriteAsync(context.TaskId, token).AsTask(),
            options =>
            {
                (options.TaskCheckInterval, options.ForwardInterval) =
                    (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
                configure?.Invoke(options);
            },
            log: log);

    // The hash, then the list, as Go's script does it.
    private async Task PushAsGoAsync(string id)
    {
        var message = new TaskMessage { Id = id, Queue = "mail", Type = "mail:send", Retry = 3, Timeout = 60 };
        await go.GetDatabase().HashSetAsync(
            $"asynq:{{mail}}:t:{id}",
            [new("msg", message.ToByteArray()), new("state", "pending"), new("pending_since", "1")]);
        await go.GetDatabase().ListLeftPushAsync("asynq:{mail}:pending", id);
    }

    private async Task<string> ReadStartedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await started.Reader.ReadAsync(patience.Token);
    }

    private Task UntilWatchedAsync(int queues) => RedisWait.UntilAsync(
        async () => (await InfoAsync("stats")).Contains(
            $"tracking_total_keys:{queues}\r", StringComparison.Ordinal),
        Patience, "the worker watches its queues");

    private async Task<long> CallsAsync(string command)
    {
        var stats = await InfoAsync("commandstats");
        var line = stats.Split("\r\n").SingleOrDefault(
            text => text.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal), "=0,");
        return long.Parse(line.Split('=')[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<string> InfoAsync(string section) =>
        (await go.GetDatabase().ExecuteAsync("INFO", section)).ToString();
}
