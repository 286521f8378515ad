using Google.Protobuf;
using Mirai.Queue.Server;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server.Upkeep;

/// <summary>An observer, whose own heartbeat goes on, and other servers that live or die.</summary>
internal sealed class CrashWatchTests : ServerTest
{
    private const string Dead = "asynq:servers:{box:7:dead}";
    private const string Alive = "asynq:servers:{box:8:alive}";

    private QueueServerParts observer = null!;
    private int beats;

    [SetUp]
    public void CreateObserver()
    {
        beats = 0;
        observer = Parts();
    }

    [TestCase(0)]
    [TestCase(12_345)]
    public async Task RunOnce_RequeuesTasksUncounted_WhenTheirServerDied(int token)
    {
        await RunForAsync(12, Dead);
        await TakeAsync(token, "a", "b");
        await RunForAsync(2, Dead);

        await RunForAsync(12);
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EquivalentTo(new[] { "a", "b" }), "its record exists");
        await ExpireAsync(Dead);
        await RunForAsync(2);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EquivalentTo(new[] { "a", "b" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
        Assert.That((await StoredAsync("a")).Retried, Is.Zero);
        Assert.That((string?)await Redis.HashGetAsync("asynq:{mail}:t:a", "mirai:crashes"), Is.EqualTo("1"));
    }

    [Test]
    public async Task RunOnce_HandsOverWithin14Seconds_AfterTheLastHeartbeat()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await RunForAsync(6, Dead);
        var seconds = 0;

        for (; seconds < 60 && await Redis.ListLengthAsync("asynq:{mail}:pending") == 0; seconds++)
        {
            if (seconds == 10)
            {
                await ExpireAsync(Dead);
            }

            await RunForAsync(1);
        }

        Assert.That(seconds, Is.InRange(10, 14));
    }

    [Test]
    public async Task RunOnce_RequeuesTasks_WhenTheObserverStartsAfterTheirServerDied()
    {
        await TakeAsync(1, "a");
        await Redis.SortedSetAddAsync("asynq:servers", Dead, Now + 3);

        await RunForAsync(16);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_RequeuesTasks_WhenAnInspectorStruckTheDeadServerOffTheList()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await RunForAsync(8);
        await ExpireAsync(Dead);
        await Redis.SortedSetRemoveAsync("asynq:servers", Dead);

        await RunForAsync(8);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_ArchivesTask_WhenThreeWorkersDiedWhileTheyRanIt()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "killer", "innocent");
        await Redis.HashSetAsync("asynq:{mail}:t:killer", "mirai:crashes", 2);
        await ExpireAsync(Dead);

        await RunForAsync(16);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "innocent" }));
        Assert.That((await ZSetAsync("asynq:{mail}:archived")).Select(task => task.Item1), Is.EqualTo(new[] { "killer" }));
        Assert.That(
            (await StoredAsync("killer")).ErrorMsg,
            Is.EqualTo("mirai: 3 workers died while they ran this task (CrashLimit)"));
        Assert.That((await FieldsAsync("killer"))["state"], Is.EqualTo("archived"));
    }

    [Test]
    public async Task RunOnce_LeavesTasksOfAServerThatLives_WhenAnotherDied()
    {
        await RunForAsync(12, Dead, Alive);
        await TakeAsync(1, "theirs", "orphan");
        await PublishAsync(Alive, "theirs");
        await ExpireAsync(Dead);

        await RunForAsync(20, Alive);

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "theirs" }));
    }

    [Test]
    public async Task RunOnce_JudgesNobody_WhileAServerIsSilentWhoseRecordExists()
    {
        await RunForAsync(12, Dead, Alive);
        await TakeAsync(1, "a");
        await ExpireAsync(Dead);
        await Redis.StringSetAsync(Alive, "slow");

        await RunForAsync(30);

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_LeavesTasks_WhoseLeasesAreRenewed()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await ExpireAsync(Dead);

        for (var i = 0; i < 6; i++)
        {
            await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 100 + i);
            await RunForAsync(5);
        }

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_ForgetsWhatItSaw_WhenItWasPaused()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await ExpireAsync(Dead);

        // Redis was away meanwhile, and nobody could renew: the record of every server has expired.
        Time.Advance(TimeSpan.FromSeconds(20));
        await observer.CrashWatch!.RunOnceAsync(CancellationToken.None);
        await RunForAsync(9);
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));

        await RunForAsync(8);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }), "dead it is");
    }

    [Test]
    public async Task RunOnce_JudgesNobody_AfterRedisWasAway_UntilAllHadTimeToRenew()
    {
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await ExpireAsync(Dead);
        await RunForAsync(5);

        observer.Health.Failed(new InvalidOperationException("away"));
        await RunForAsync(1);
        observer.Health.Succeeded();
        await RunForAsync(9);

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_ReadsServersAndLeases_WhenAllServersLive()
    {
        await RunForAsync(20, Alive);
        var before = Faults.Calls.Count;

        await RunForAsync(10, Alive);

        var calls = Faults.Calls.Skip(before).Where(call => call != nameof(IQueueStore.WriteServerStateAsync));
        Assert.That(calls, Is.EqualTo(Enumerable.Range(0, 10).SelectMany(
            _ => new[] { nameof(ICrashStore.ListHeartbeatsAsync), nameof(ICrashStore.ListLeasesAsync) })));
    }

    [Test]
    public async Task RunOnce_LeavesTheTaskOfALivingWorker_WhoseHeartbeatWasTooEarlyToRenewIt()
    {
        await RunForAsync(12, Dead, Alive);
        await ExpireAsync(Dead);
        await RunForAsync(3, Alive); // the last heartbeat for now is the one before the take is answered
        await TakeAsync(1, "theirs");

        for (var beat = 0; beat < 4; beat++)
        {
            await RunForAsync(5, Alive);
            await Redis.SortedSetAddAsync("asynq:{mail}:lease", "theirs", Now + 200 + beat);
        }

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "theirs" }));
    }

    [Test]
    public async Task RunOnce_JudgesTheOtherQueues_WhenOneHangs()
    {
        observer = Parts(configure: options => options.Queues["bad"] = 1);
        Faults.Gate = (call, queue) => call == nameof(ICrashStore.ListLeasesAsync) && queue == "bad"
            ? Task.FromException(new TimeoutException("hangs"))
            : Task.CompletedTask;
        await RunForAsync(12, Dead);
        await TakeAsync(1, "a");
        await ExpireAsync(Dead);

        await RunForAsync(16);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_LeavesTasksOfALivingServer_ThatAnInspectorStruckOffTheList()
    {
        await RunForAsync(12, Dead, Alive);
        await TakeAsync(1, "theirs");
        await PublishAsync(Alive, "theirs");
        await ExpireAsync(Dead);
        for (var second = 0; second < 25; second++)
        {
            await RunForAsync(1, Alive);
            await Redis.SortedSetRemoveAsync("asynq:servers", Alive); // its clock is behind that of the inspector
        }

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "theirs" }));
    }

    [Test]
    public async Task RunOnce_RemovesADeadServerFromTheList()
    {
        await RunForAsync(12, Dead);
        await ExpireAsync(Dead);

        await RunForAsync(40);

        Assert.That(await Redis.SortedSetScoreAsync("asynq:servers", Dead), Is.Null);
    }

    // One look a second; every five seconds the heartbeats of the observer and of these servers.
    private async Task RunForAsync(int seconds, params string[] servers)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            if (beats++ % 5 == 0)
            {
                await observer.Heartbeater.RunOnceAsync(CancellationToken.None);
                foreach (var server in servers)
                {
                    await Redis.SortedSetAddAsync("asynq:servers", server, Now + 1_000 + beats);
                    await Redis.StringSetAsync(server, "record");
                }
            }

            await observer.CrashWatch!.RunOnceAsync(CancellationToken.None);
        }
    }

    private async Task TakeAsync(int token, params string[] ids)
    {
        await EnqueueAsync([.. ids.Select(id => NewTask(id))]);
        var lease = new LeaseStamp(Time.GetUtcNow().ToUnixTimeSeconds() + 30, token);
        await Store.TakeAsync("mail", ids.Length, lease, withPendingSince: false);
    }

    private static Task<bool> ExpireAsync(string server) => Redis.KeyDeleteAsync(server);

    private static Task PublishAsync(string server, string taskId) => Redis.HashSetAsync(
        server.Replace(":servers:", ":workers:", StringComparison.Ordinal),
        [new HashEntry(taskId, new WorkerInfo { TaskId = taskId }.ToByteArray())]);
}
