using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>A scheduler with the clock at the recorded moments: its entries, ticks and history are Go's. Mirai's own
/// memory of what is settled comes on top.</summary>
internal sealed class SchedulerScenarioTests : RedisTest
{
    private const int MostLooks = 5_000;

    private readonly RunNames names = new();
    private WaitedTimeProvider time = null!;
    private int loops;
    private JsonArray steps = null!;

    [Test]
    [GoldenFile("v0.26.0/scenarios/scheduler.json")]
    public async Task Scheduler_LeavesGosKeys()
    {
        await using var scheduler = Create("2026-11-22T20:48:03.393Z", TimeSpan.FromSeconds(2), Tick(), Yearly());
        await scheduler.Value.StartAsync(CancellationToken.None);
        EquateEntries(scheduler.Value, [.. steps[0]!["result"]!["entry_ids"]!.AsArray().Select(id => (string)id!)]);
        await BeatAsync(1795380487);
        await PassToAsync(1795380485.396);
        await BeatAsync(1795380489);
        await AssertLeftAsync(0);

        await EnqueueAsync(1, 0);
        await PassToAsync(1795380487.9);
        await BeatAsync(1795380491);
        await AssertLeftAsync(1);

        await PassToAsync(1795380489.001);
        Assert.That(scheduler.Value.Entries[0].Previous?.ToUnixTimeSeconds(), Is.EqualTo(1795380489));
        await PassToAsync(1795380489.95);
        await BeatAsync(1795380493);
        await PassToAsync(1795380491.96);
        await BeatAsync(1795380495);
        await AssertLeftAsync(2);

        await scheduler.Value.StopAsync(CancellationToken.None);
        await AssertLeftAsync(3);
    }

    [Test]
    [GoldenFile("v0.24.1/scenarios/scheduler.json")]
    public async Task Scheduler_LeavesKeysOfOlderGo()
    {
        var task = new PeriodicTask("@every 2s", new QueueTask("cron:t", "x"u8.ToArray()))
        {
            Options = new EnqueueOptions { Queue = "low" },
        };
        await using var scheduler = Create("2026-11-22T20:55:47.37Z", TimeSpan.FromSeconds(2.5), task);
        await scheduler.Value.StartAsync(CancellationToken.None);
        EquateEntries(scheduler.Value, ["89251661-4f4e-40a0-ae9d-118e1d9000eb"]);
        await BeatAsync(1795380952);

        await EnqueueAsync(0, 0);
        await PassToAsync(1795380949.88);
        await BeatAsync(1795380954);
        await EnqueueAsync(0, 1);
        await PassToAsync(1795380952.39);
        await BeatAsync(1795380957);
        await EnqueueAsync(0, 2);
        await AssertLeftAsync(0);

        await EnqueueAsync(1, 3);
        await scheduler.Value.StopAsync(CancellationToken.None);
        await AssertLeftAsync(1);
    }

    private static PeriodicTask Tick() => new("@every 3s", new QueueTask("cron:tick", """{"k":1}"""u8.ToArray()))
    {
        Options = new EnqueueOptions
        {
            Queue = "low",
            MaxRetry = 2,
            Timeout = TimeSpan.FromSeconds(30),
            Retention = TimeSpan.FromHours(1),
            UniqueFor = TimeSpan.FromMinutes(1),
        },
    };

    private static PeriodicTask Yearly() => new("0 0 1 1 *", new QueueTask("cron:yearly"));

    private Hosted Create(string start, TimeSpan heartbeat, params PeriodicTask[] tasks)
    {
        steps = GoldenFiles.ReadForTest()["steps"]!.AsArray();
        time = new WaitedTimeProvider(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture));
        loops = tasks.Length + 2; // the heartbeat, and asking for tasks again
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time);
        var queue = services.AddMiraiQueue(_ => { }).UseConnection(_ => Task.FromResult(Redis.Multiplexer))
            .AddScheduler(options => options.HeartbeatInterval = heartbeat);
        foreach (var task in tasks)
        {
            queue.AddPeriodicTask(task);
        }

        return new Hosted(services.BuildServiceProvider());
    }

    private void EquateEntries(QueueScheduler scheduler, IReadOnlyList<string> recorded)
    {
        foreach (var (entry, id) in scheduler.Entries.Zip(recorded))
        {
            names.Equate(entry.Id, id);
        }
    }

    private Task PassToAsync(double seconds) =>
        PassToAsync(DateTimeOffset.UnixEpoch.AddTicks((long)((decimal)seconds * TimeSpan.TicksPerSecond)));

    private async Task PassToAsync(DateTimeOffset moment)
    {
        time.SetUtcNow(moment);
        await SettleAsync();
    }

    /// <summary>Waits until the scheduler has done what was due.</summary>
    private Task SettleAsync() => WaitAsync(() => Task.FromResult(time.Waiting == loops));

    /// <summary>The last heartbeat shows the scheduler up to a second. It stays from then on: Redis' clock is not the
    /// test's.</summary>
    private async Task BeatAsync(long expiry)
    {
        await SettleAsync();
        var listed = (await Redis.SortedSetRangeByRankWithScoresAsync("asynq:schedulers")).Single();
        Assert.That(listed.Score, Is.EqualTo(expiry));
        Assert.That(await Redis.KeyPersistAsync(listed.Element.ToString()), Is.True);
    }

    /// <summary>Lets the clock pass to the moment at which Go enqueued a task: then Mirai has, too.</summary>
    /// <param name="step">The step after which the task is there.</param>
    /// <param name="position">Its position in the queue.</param>
    private async Task EnqueueAsync(int step, int position)
    {
        var keys = Keyspace.Parse(steps[step]!["keys"]!.AsArray());
        var id = Encoding.UTF8.GetString(keys.Find("asynq:{low}:pending")!.Values.Reverse().ElementAt(position).Bytes);
        var since = keys.Find($"asynq:{{low}}:t:{id}")!.Values.Single(field => field.Field == "pending_since").Bytes;
        await PassToAsync(WireTime.FromUnixNanoseconds(long.Parse(since, CultureInfo.InvariantCulture)));

        Assert.That(await Redis.ListLengthAsync("asynq:{low}:pending"), Is.EqualTo(position + 1));
        names.Equate((string)(await Redis.ListGetByIndexAsync("asynq:{low}:pending", -1 - position))!, id);
    }

    private async Task AssertLeftAsync(int step)
    {
        var go = Facts(new RunNames(), Keyspace.Parse(steps[step]!["keys"]!.AsArray()));
        var mirai = Facts(names, await RedisKeyspace.ReadAsync(Redis));

        Assert.That(FactDiff.Of(go, mirai), Is.Empty, $"After '{steps[step]!["did"]}' the keys differ from Go's.");
    }

    // Lifetimes are those of the store's fixed clock scenario.
    private static SortedDictionary<string, string> Facts(RunNames names, Keyspace keyspace) =>
        new Facts(names, _ => "").Of(new Keyspace(keyspace.Keys
            .Where(key => !key.Name.Contains(":periodic:", StringComparison.Ordinal))
            .Select(key => key with { ExpiresAt = null })));

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        for (var look = 0; !await condition(); look++)
        {
            Assert.That(look, Is.LessThan(MostLooks), "It never came true.");
            await Redis.PingAsync();
        }
    }

    private sealed class Hosted(ServiceProvider services) : IAsyncDisposable
    {
        public QueueScheduler Value { get; } = services.GetRequiredService<QueueScheduler>();

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }
}
