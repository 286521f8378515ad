using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

internal sealed class LegacyMigrationTests : RedisTest
{
    private const long Now = 4_000_000_000;

    private readonly RedisConnection connection = LegacyTest.Share(TestRedis.Connection);

    private FakeTimeProvider time = null!;
    private RedisStore current = null!;
    private LegacyStore legacy = null!;

    [SetUp]
    public void CreateStores()
    {
        LegacyTest.SkipOnCluster();
        time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Now));
        current = new RedisStore(connection, time);
        legacy = new LegacyStore(connection, current, new QueueOptions(), time);
    }

    [OneTimeTearDown]
    public ValueTask CloseAsync() => connection.DisposeAsync();

    [Test]
    public async Task Run_MovesEverything_InItsOrder()
    {
        string[] ids = [await EnqueueAsync(1), await EnqueueAsync(2), await EnqueueAsync(3)];
        var scheduled = await EnqueueAsync(
            4, new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(90), Queue = "low" });
        await Redis.SortedSetAddAsync(
            "asynq:retry", Message("11111111-0000-4000-8000-000000000001", retried: 2), Now + 7);
        await Redis.SortedSetAddAsync(
            "asynq:dead", Message("11111111-0000-4000-8000-000000000002", retried: 25), Now - 9);
        await Redis.SetAddAsync("asynq:paused", "asynq:queues:low");

        var report = await Migration().RunAsync();

        Assert.That(report.Queues, Is.EqualTo(new[]
        {
            new LegacyQueueReport { Queue = "low", Scheduled = 1, Paused = true },
            new LegacyQueueReport { Queue = "mail", Pending = 3, Retry = 1, Archived = 1 },
        }));
        Assert.That(
            await ListAsync("asynq:{mail}:pending"), Is.EqualTo(ids.Reverse()), "FIFO: the oldest at the tail");
        Assert.That(await SetAsync("asynq:{low}:scheduled"), Is.EqualTo(new[] { (scheduled, Now + 90d) }));
        Assert.That(
            await SetAsync("asynq:{mail}:retry"), Is.EqualTo(
                new[] { ("11111111-0000-4000-8000-000000000001", Now + 7d) }));
        Assert.That(
            await SetAsync("asynq:{mail}:archived"), Is.EqualTo(
                new[] { ("11111111-0000-4000-8000-000000000002", Now - 9d) }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{low}:paused"), Is.True);
        Assert.That(await LegacyKeysAsync(), Is.Empty);
        Assert.That(
            (await Redis.SetMembersAsync("asynq:queues")).Select(name => name.ToString()),
            Is.EquivalentTo(new[] { "low", "mail" }));
    }

    [Test]
    public async Task Run_KeepsWhatTheTaskWas_SoThatAWorkerOfTheCurrentLayoutRunsIt()
    {
        await EnqueueAsync(7, new EnqueueOptions { MaxRetry = 3, Timeout = TimeSpan.FromSeconds(40) });
        await Redis.SortedSetAddAsync(
            "asynq:dead", Message("11111111-0000-4000-8000-000000000002", retried: 25), Now - 9);

        await Migration().RunAsync();

        var task = (await current.TakeAsync("mail", 1, Now + 30, withPendingSince: true)).Tasks.Single();
        Assert.That(
            (task.Message!.Type, task.Message.Payload.ToStringUtf8(), task.Message.Retry, task.Message.Timeout, task.PendingSince),
            Is.EqualTo(("mail:send", "{\"n\":7}", 3, 40L, Now * 1_000_000_000)));
        var dead = TaskMessage.Parser.ParseFrom(
            (byte[])(await Redis.HashGetAsync("asynq:{mail}:t:11111111-0000-4000-8000-000000000002", "msg"))!);
        Assert.That((dead.Retried, dead.ErrorMsg, dead.LastFailedAt), Is.EqualTo((25, "boom", Now - 9)));
    }

    [Test]
    public async Task Run_MovesTheLock_WithTheTimeItHasLeft()
    {
        var owner = await EnqueueAsync(1, new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(5) });
        Assert.That((string?)await Redis.StringGetAsync("mail:send:n=1:mail"), Is.EqualTo(owner));

        await Migration().RunAsync();

        var newLock = UniqueKey.For("mail", "mail:send", "{\"n\":1}"u8.ToArray());
        Assert.That(await Redis.KeyExistsAsync("mail:send:n=1:mail"), Is.False);
        Assert.That((string?)await Redis.StringGetAsync(newLock), Is.EqualTo(owner));
        Assert.That(
            await Redis.KeyTimeToLiveAsync(newLock), Is.EqualTo(TimeSpan.FromMinutes(5))
                .Within(TimeSpan.FromSeconds(20)));
        var task = (await current.TakeAsync("mail", 1, Now + 30, withPendingSince: false)).Tasks.Single();
        await current.FinishAsync("mail", [new FinishedTask(
            new TaskLease("mail", owner, Now + 30), TaskOutcome.Done, ReleasedLock: task.Message!.UniqueKey)]);
        Assert.That(await Redis.KeyExistsAsync(newLock), Is.False, "the worker knows the lock by its new name");
    }

    [Test]
    public async Task Run_ChangesNothing_WhenItIsADryRun()
    {
        await EnqueueAsync(1);
        await Redis.ListLeftPushAsync("asynq:queues:mail", "garbage");
        await Redis.SetAddAsync("asynq:paused", "asynq:queues:mail");
        var before = await RedisDump.AllAsync(Redis);

        var report = await Migration().RunAsync(dryRun: true);

        Assert.That(await RedisDump.AllAsync(Redis), Is.EqualTo(before));
        Assert.That(report.IsDryRun, Is.True);
        Assert.That(
            report.Queues, Is.EqualTo(new[] { new LegacyQueueReport { Queue = "mail", Pending = 1, Paused = true } }));
        Assert.That(
            report.Left,
            Is.EqualTo(new[] { new LegacyLeftTask("asynq:queues:mail", null, "The message cannot be read.") }));
    }

    [Test]
    public async Task Run_LeavesWhatItCannotMove_AndMovesTheRest()
    {
        await Redis.SetAddAsync("asynq:queues", "asynq:queues:mail");
        await Redis.ListLeftPushAsync("asynq:queues:mail", "garbage");
        var id = await EnqueueAsync(1);
        var taken = await EnqueueAsync(2);
        await Redis.HashSetAsync($"asynq:{{mail}}:t:{taken}", "msg", "of another");

        var report = await Migration().RunAsync();

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { id }));
        Assert.That(report.Left.Select(left => left.TaskId), Is.EquivalentTo(new[] { null, taken }));
        Assert.That(await Redis.ListLengthAsync("asynq:queues:mail"), Is.EqualTo(2));
        Assert.That(await Redis.SetContainsAsync("asynq:queues", "asynq:queues:mail"), Is.True);
    }

    [Test]
    public async Task Run_Refuses_WhileTasksRun()
    {
        await EnqueueAsync(1);
        await legacy.TakeAsync("mail", 1, Now + 30, withPendingSince: false);

        await Assert.ThatAsync(
            () => Migration().RunAsync(),
            Throws.TypeOf<LegacyMigrationException>().With.Message.Contains("asynq:in_progress holds 1 tasks"));
    }

    [Test]
    public async Task Run_Refuses_WhileWorkersLive()
    {
        var server = new ServerInfo { Host = "h", Pid = 1, ServerId = "s", StartTime = new() };
        await legacy.WriteServerStateAsync(new ServerState(server, IsWhole: true, [], []), TimeSpan.FromSeconds(10));

        await Assert.ThatAsync(
            () => Migration().RunAsync(),
            Throws.TypeOf<LegacyMigrationException>().With.Message.Contains("asynq:servers:h:1:s"));
        time.Advance(TimeSpan.FromSeconds(11));
        await Migration().RunAsync();
        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False);
    }

    [Test]
    public async Task Run_LosesAndDoublesNothing_WhereverItIsInterrupted()
    {
        const int Tasks = 250;
        var ids = new List<string>();
        for (var i = 0; i < Tasks; i++)
        {
            ids.Add(await EnqueueAsync(i, new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));
        }

        for (var i = 0; i < 120; i++)
        {
            await EnqueueAsync(1_000 + i, new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(100 + i) });
        }

        // Every step asks the clock and is one script call: each run dies before its second.
        var runs = 0;
        while (await LegacyKeysAsync() is { Length: > 0 })
        {
            try
            {
                var mover = new LegacyMover(connection, new DyingClock(time, lives: 1));
                await new LegacyMigration(connection, mover, time).RunAsync();
            }
            catch (OperationCanceledException)
            {
                // It died; the next run goes on.
            }

            Assert.That(++runs, Is.LessThan(50));
        }

        Assert.That(runs, Is.GreaterThan(3));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(Enumerable.Reverse(ids)));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:scheduled"), Is.EqualTo(120));
        var locks = TestRedis.Primaries.Single()
            .Keys(Redis.Database, "asynq:{mail}:unique:*", pageSize: 1_000).Count();
        Assert.That(locks, Is.EqualTo(Tasks));
    }

    [Test]
    public async Task Move_LosesAndDoublesNothing_WhenTheReplyGetsLostOrTwoMoveAtOnce()
    {
        var ids = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add(await EnqueueAsync(i));
        }

        var mover = new LegacyMover(connection, time);
        var place = LegacyPlace.Queue("asynq:queues:mail");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mover.MoveAsync(place, skip: 0)));
        while ((await mover.MoveAsync(place, skip: 0)).Read > 0)
        {
        }

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EquivalentTo(ids));
        Assert.That(await Redis.ListLengthAsync("asynq:queues:mail"), Is.Zero);
    }

    private LegacyMigration Migration() => new(connection, new LegacyMover(connection, time), time);

    private async Task<string> EnqueueAsync(int number, EnqueueOptions? options = null)
    {
        var task = new QueueTask("mail:send", System.Text.Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"));
        var created = LegacyTaskFactory.Create(task, new EnqueueOptions { Queue = "mail" }.With(options), time.GetUtcNow());
        await legacy.EnqueueAsync(created.Route, [created]);
        Assert.That(created.Status, Is.EqualTo(EnqueueStatus.Enqueued));

        return created.Message.Id;
    }

    private static string Message(string id, int retried) =>
        $$"""{"Type":"mail:send","Payload":{"n":0},"ID":"{{id}}","Queue":"mail","Retry":25,"Retried":{{retried}},"ErrorMsg":"boom","Timeout":60,"Deadline":0,"UniqueKey":""}""";

    private static async Task<string[]> LegacyKeysAsync() =>
    [
        .. (await RedisDump.KeysAsync(Redis)).Where(key =>
            key.StartsWith("asynq:queues:", StringComparison.Ordinal)
            || key is "asynq:scheduled" or "asynq:retry" or "asynq:dead" or "asynq:paused"),
    ];

    private static async Task<string[]> ListAsync(string key) =>
        [.. (await Redis.ListRangeAsync(key)).Select(value => value.ToString())];

    private static async Task<(string, double)[]> SetAsync(string key) =>
        [.. (await Redis.SortedSetRangeByRankWithScoresAsync(key))
            .Select(entry => (entry.Element.ToString(), entry.Score))];
}
