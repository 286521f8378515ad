using Mirai.Queue.Scheduler;
using Mirai.Queue.Tests.Server;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Scheduler;

internal sealed class QueueSchedulerTests : SchedulerTest
{
    private const int Ticks = 300;

    [Test]
    public async Task Schedulers_EnqueueEachTickOnce_WhenOneOrTheOtherIsKilledAndRestarted()
    {
        var task = Periodic("@every 2s") with { Missed = MissedTickPolicy.All };
        var random = new Random(4);
        (QueueScheduler Scheduler, FaultySchedulerStore Link)[] pair =
            [await StartAsync(task), await StartAsync(task)];
        await UntilAsync(() => Redis.KeyExistsAsync($"asynq:{{mail}}:periodic:{Key(task)}"));

        while (Seconds() < Now + (2 * Ticks))
        {
            Pass(random.Next(1, 20) / 10d);
            await Redis.PingAsync();
            if (random.Next(12) == 0)
            {
                var which = random.Next(2);
                await KillAsync(pair[which]);
                Pass(random.Next(0, 50) / 10d);
                pair[which] = await StartAsync(task);
            }
        }

        var due = (Seconds() - Now) / 2;
        await UntilAsync(async () => await PendingAsync() >= due);
        await KillAsync(pair[0]);
        await KillAsync(pair[1]);

        Assert.That(await PendingAsync(), Is.EqualTo(due));
        Assert.That(EnqueuedTicks(), Is.Unique);
    }

    [Test]
    public async Task Start_ShowsEntriesAsAsynqDoes_AndStopLeavesNothing()
    {
        var first = Periodic("@every 3s") with { Options = new EnqueueOptions { Queue = "low", MaxRetry = 2 } };
        var yearly = Periodic("0 0 1 1 *", "mail:yearly", null);
        var scheduler = Scheduler([new FixedPeriodicTask(first), new FixedPeriodicTask(yearly)]);

        await scheduler.StartAsync(CancellationToken.None);
        await UntilAsync(() => Redis.KeyExistsAsync("asynq:schedulers"));
        Pass(3);
        await UntilAsync(() => Redis.KeyExistsAsync($"asynq:scheduler_history:{scheduler.Entries[0].Id}"));
        await scheduler.BeatAsync(CancellationToken.None);

        var (key, expiry) = (await ZSetAsync("asynq:schedulers")).Single();
        Assert.That(key, Does.Match($"^asynq:schedulers:{{[^:]+:{Environment.ProcessId}:[0-9a-f-]{{36}}}}$"));
        Assert.That(expiry, Is.EqualTo(Now + 3 + 20));
        var entries = (await Redis.ListRangeAsync(key))
            .Select(value => SchedulerEntry.Parser.ParseFrom((byte[])value!)).ToList();
        Assert.That(
            entries.Select(entry => entry.Spec), Is.EqualTo(new[] { "0 0 1 1 *", "@every 3s" }), "the last one first");
        Assert.That(entries[1].EnqueueOptions, Is.EqualTo(new[] { "Queue(\"low\")", "MaxRetry(2)" }));
        Assert.That(entries[1].NextEnqueueTime.Seconds, Is.EqualTo(Now + 6));
        Assert.That(entries[1].PrevEnqueueTime.Seconds, Is.EqualTo(Now + 3));
        Assert.That(entries[0].PrevEnqueueTime.Seconds, Is.EqualTo(-62135596800), "never");

        await StopAsync(scheduler);
        Assert.That((await KeysAsync()).Where(name => name.Contains("scheduler", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Start_ShowsTheTasksOptions_WhereTheEntrySaysNothing()
    {
        var own = new EnqueueOptions { Queue = "low", MaxRetry = 9, Retention = TimeSpan.FromHours(1) };
        var task = new PeriodicTask("@every 3s", new QueueTask("mail:digest", options: own))
        {
            Options = new EnqueueOptions { MaxRetry = 2 },
        };
        var scheduler = Scheduler([new FixedPeriodicTask(task)]);

        await scheduler.StartAsync(CancellationToken.None);
        await UntilAsync(() => Redis.KeyExistsAsync("asynq:schedulers"));

        var key = (await ZSetAsync("asynq:schedulers")).Single().Item1;
        var entry = SchedulerEntry.Parser.ParseFrom((byte[])(await Redis.ListGetByIndexAsync(key, 0))!);
        Assert.That(entry.EnqueueOptions, Is.EqualTo(new[] { "Queue(\"low\")", "MaxRetry(2)", "Retention(1h0m0s)" }));
        await StopAsync(scheduler);
    }

    [Test]
    public async Task Stop_LeavesEntriesOfOtherSchedulersAlone()
    {
        await Redis.SortedSetAddAsync("asynq:schedulers", "asynq:schedulers:{go:1:x}", Now + 20);
        await Redis.ListLeftPushAsync("asynq:schedulers:{go:1:x}", "entry");
        await Redis.SortedSetAddAsync("asynq:scheduler_history:go-entry", "event", Now);
        var scheduler = Scheduler([new FixedPeriodicTask(Periodic("@every 3s"))]);

        await scheduler.StartAsync(CancellationToken.None);
        await UntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:schedulers") == 2);
        await StopAsync(scheduler);

        Assert.That(
            await ZSetAsync("asynq:schedulers"), Is.EqualTo(new[] { ("asynq:schedulers:{go:1:x}", Now + 20d) }));
        Assert.That(await Redis.ListLengthAsync("asynq:schedulers:{go:1:x}"), Is.EqualTo(1));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:scheduler_history:go-entry"), Is.EqualTo(1));
    }

    [Test]
    public async Task Sync_TakesOverWhatTheProviderSays_AndKeepsWhatStays()
    {
        var provider = new ListProvider
        {
            Tasks = [Periodic("@every 10s", "mail:a"), Periodic("@every 10s", "mail:b")],
        };
        var scheduler = Scheduler([provider]);
        await scheduler.StartAsync(CancellationToken.None);
        await UntilAsync(async () => await CountRegisteredAsync() == 2);
        var stays = scheduler.Entries[1];

        Pass(5);
        provider.Tasks =
            [Periodic("@every 10s", "mail:b"), Periodic("@every 30s", "mail:a"), Periodic("@every 10s", "mail:c")];
        await scheduler.SyncAsync(CancellationToken.None);

        Assert.That(scheduler.Entries.Select(entry => (entry.Task.Task.Type, entry.Task.Spec)), Is.EqualTo(new[]
        {
            ("mail:b", "@every 10s"), ("mail:a", "@every 30s"), ("mail:c", "@every 10s"),
        }));
        Assert.That(scheduler.Entries[0].Id, Is.EqualTo(stays.Id));
        Pass(5);
        await UntilAsync(() => Task.FromResult(Told().Count > 0));
        Assert.That(Told().Select(call => call.Task!.Type), Is.EqualTo(new[] { "mail:b" }));
        await StopAsync(scheduler);
    }

    [Test]
    public async Task Sync_DeletesHistory_OfEntriesThatAreGone()
    {
        var provider = new ListProvider { Tasks = [Periodic("@every 10s")] };
        var scheduler = Scheduler([provider]);
        await scheduler.StartAsync(CancellationToken.None);
        var history = $"asynq:scheduler_history:{scheduler.Entries[0].Id}";
        await UntilAsync(async () => await CountRegisteredAsync() == 1);
        Pass(10);
        await UntilAsync(() => Redis.KeyExistsAsync(history));

        provider.Tasks = [];
        await scheduler.SyncAsync(CancellationToken.None);

        Assert.That(await Redis.KeyExistsAsync(history), Is.False);
        Assert.That(scheduler.Entries, Is.Empty);
        await StopAsync(scheduler);
    }

    [Test]
    public async Task Sync_ChangesNothing_WhenTheProviderFailsOrNamesSomethingBad()
    {
        var provider = new ListProvider { Tasks = [Periodic("@every 10s")] };
        var scheduler = Scheduler([provider]);
        await scheduler.StartAsync(CancellationToken.None);
        var id = scheduler.Entries[0].Id;

        provider.Error = new InvalidOperationException("on purpose");
        await scheduler.SyncAsync(CancellationToken.None);
        provider.Error = null;
        provider.Tasks = [Periodic("@every 20s"), Periodic("not a spec")];
        await scheduler.SyncAsync(CancellationToken.None);
        provider.Tasks = [Periodic("@every 20s"), Periodic("@every 20s")];
        await scheduler.SyncAsync(CancellationToken.None);

        Assert.That(scheduler.Entries.Select(entry => entry.Id), Is.EqualTo(new[] { id }));
        await StopAsync(scheduler);
    }

    [Test]
    public async Task Sync_RunsByItself_AfterItsInterval()
    {
        var provider = new ListProvider();
        var scheduler = Scheduler([provider], options => options.SyncInterval = TimeSpan.FromMinutes(1));
        await scheduler.StartAsync(CancellationToken.None);

        provider.Tasks = [Periodic("@every 10s")];
        await UntilAsync(() =>
        {
            Pass(1);
            return Task.FromResult(scheduler.Entries.Count == 1);
        });

        Assert.That(provider.Asked, Is.EqualTo(2));
        await StopAsync(scheduler);
    }

    [Test]
    public async Task Start_FailsAndNamesTheEntry_WhenSpecIsBad()
    {
        var scheduler = Scheduler([new FixedPeriodicTask(Periodic("61 * * * *") with { Name = "digest" })]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => scheduler.StartAsync(CancellationToken.None));

        Assert.That(error!.Message, Does.Contain("'digest'").And.Contain("'61 * * * *'").And.Contain("minute '61'"));
    }

    [Test]
    public async Task Start_FailsAndNamesTheEntry_WhenTwoAreAlike()
    {
        var twice = new FixedPeriodicTask(Periodic("@daily"));
        var scheduler = Scheduler([twice, twice]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => scheduler.StartAsync(CancellationToken.None));

        Assert.That(error!.Message, Does.Contain("'mail:digest'").And.Contain("twice"));
    }

    [Test]
    public async Task Start_DoesNotWait_WhenRedisIsAway()
    {
        Faults.Plan(_ => FaultyStore.Fault.NotSent);
        var task = Periodic("@every 10s") with { Missed = MissedTickPolicy.All };
        var scheduler = Scheduler([new FixedPeriodicTask(task)]);

        await scheduler.StartAsync(CancellationToken.None);
        Pass(11);
        await Redis.PingAsync();
        Faults.Plan(_ => FaultyStore.Fault.None);
        await UntilAsync(async () =>
        {
            Pass(0.5);
            return await PendingAsync() > 0;
        });

        await UntilAsync(() => Task.FromResult(Told().Count > 0));
        Assert.That(EnqueuedTicks().First(), Is.EqualTo(10), "ticks count from the start");
        await StopAsync(scheduler);
    }

    private async Task<(QueueScheduler Scheduler, FaultySchedulerStore Link)> StartAsync(PeriodicTask task)
    {
        var link = new FaultySchedulerStore(Store);
        var scheduler = Scheduler([new FixedPeriodicTask(task)], store: link);
        await scheduler.StartAsync(CancellationToken.None);

        return (scheduler, link);
    }

    // All that Redis sees of a death: nothing comes any more.
    private static async Task KillAsync((QueueScheduler Scheduler, FaultySchedulerStore Link) killed)
    {
        killed.Link.Plan(_ => FaultyStore.Fault.NotSent);
        await StopAsync(killed.Scheduler);
    }

    [Test]
    public async Task Stop_IsTheLastWord_WhenAProviderAnswersAfterIt()
    {
        var provider = new ListProvider();
        var scheduler = Scheduler([provider]);
        await scheduler.StartAsync(CancellationToken.None);
        var answer = new TaskCompletionSource();
        provider.Answer = answer.Task;
        provider.Tasks = [Periodic("@every 1s")];
        var sync = scheduler.SyncAsync(CancellationToken.None);

        await StopAsync(scheduler);
        answer.SetResult();
        await sync.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(scheduler.Entries, Is.Empty, "nobody would stop them");
        Assert.That(await CountRegisteredAsync(), Is.Zero);
    }

    [Test]
    public async Task Start_HasNoEffect_AfterTheStop()
    {
        var provider = new ListProvider { Tasks = [Periodic("@every 1s")] };
        var scheduler = Scheduler([provider]);
        await StopAsync(scheduler);

        await scheduler.StartAsync(CancellationToken.None);
        await StopAsync(scheduler);

        Assert.That(scheduler.Entries, Is.Empty);
    }

    private static async Task StopAsync(QueueScheduler scheduler)
    {
        var stopped = scheduler.StopAsync(CancellationToken.None);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<int> CountRegisteredAsync() =>
        (await KeysAsync()).Count(key => key.Contains(":periodic:", StringComparison.Ordinal));

    private string Key(PeriodicTask task) =>
        PeriodicEntry.Create(task, TimeZoneInfo.Utc, Store, Time.GetUtcNow()).Key.Name;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++)
        {
            Assert.That(attempt, Is.LessThan(20_000), "the condition never came true");
            await Redis.PingAsync();
        }
    }

    private sealed class ListProvider : IPeriodicTaskProvider
    {
        public IReadOnlyCollection<PeriodicTask> Tasks { get; set; } = [];

        public Exception? Error { get; set; }

        public int Asked { get; private set; }

        /// <summary>When the provider answers.</summary>
        public Task Answer { get; set; } = Task.CompletedTask;

        public async ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken)
        {
            Asked++;
            await Answer;
            return Error is null ? Tasks : throw Error;
        }
    }
}
