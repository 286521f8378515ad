using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class AggregatorTests : GroupTest
{
    [Test]
    public async Task RunOnce_PutsOneTaskInThePlaceOfTheGroup_OnceItIsDue()
    {
        var aggregator = Aggregating().Aggregator!;
        await AddToGroupAsync("a", "b");
        Time.Advance(TimeSpan.FromSeconds(59));
        await aggregator.RunOnceAsync(CancellationToken.None);
        Assert.That(Aggregated, Is.Empty);

        Time.Advance(TimeSpan.FromSeconds(1));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(Aggregated, Is.EqualTo(new[] { ("user:42", new[] { "a", "b" }) }));
        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a", "b" } }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_PassesOnWhatTasksAre_AndHonoursTheOptionsOfTheAggregate()
    {
        var options = new EnqueueOptions
        {
            Queue = "other", TaskId = "agg", MaxRetry = 3, Retention = TimeSpan.FromHours(1),
            UniqueFor = TimeSpan.FromMinutes(1),
        };
        TaskInfo? seen = null;
        var aggregator = Aggregating((_, tasks, _) =>
        {
            seen = tasks[0];
            return Task.FromResult(Digest(tasks, options));
        }).Aggregator!;
        await EnqueueAsync(NewTask(
            "a", InGroup with { Headers = new Dictionary<string, string> { ["trace"] = "1" } }, "mail:push",
            payload: "hello"));

        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(
            (seen!.Id, seen.Type, seen.Queue, seen.Group, seen.State),
            Is.EqualTo(("a", "mail:push", "mail", "user:42", TaskState.Aggregating)));
        Assert.That(
            (System.Text.Encoding.UTF8.GetString(seen.Payload!.Value.Span), seen.Headers["trace"]),
            Is.EqualTo(("hello", "1")));
        var stored = await StoredAsync("agg");
        Assert.That((stored.Queue, stored.Retry, stored.Retention, stored.UniqueKey), Is.EqualTo(
            ("mail", 3, 3_600L, "asynq:{mail}:unique:mail:digest:0cc175b9c0f1b6a831c399e269772661")));
        Assert.That((string?)await Redis.StringGetAsync(stored.UniqueKey), Is.EqualTo("agg"));
    }

    [Test]
    public async Task RunOnce_MakesSetsOfFullSize_UntilTheGroupIsNotFull()
    {
        var aggregator = Aggregating(configure: options => options.GroupMaxSize = 10).Aggregator!;
        await AddToGroupAsync([.. Enumerable.Range(0, 35).Select(i => $"t{i:00}")]);

        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That((await DigestsAsync()).Select(ids => ids.Length), Is.EqualTo(new[] { 10, 10, 10 }));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(5));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "user:42"), Is.True);
    }

    [Test]
    public async Task RunOnce_AggregatesEveryGroup_WhenThereAreMoreThanAPage()
    {
        var aggregator = Aggregating().Aggregator!;
        await EnqueueAsync(
            [.. Enumerable.Range(0, 300).Select(i => NewTask($"t{i}", new EnqueueOptions { Group = $"g{i % 150}" }))]);

        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(
            (await DigestsAsync()).SelectMany(ids => ids),
            Is.EquivalentTo(Enumerable.Range(0, 300).Select(i => $"t{i}")));
        Assert.That(Aggregated, Has.Count.EqualTo(150));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_AggregatesOnce_WhenTwoServersDoItAtOnce()
    {
        var (one, two) = (Aggregating(configure: Small).Aggregator!, Aggregating(configure: Small).Aggregator!);
        await EnqueueAsync(
            [.. Enumerable.Range(0, 300).Select(i => NewTask($"t{i}", new EnqueueOptions { Group = $"g{i % 3}" }))]);
        Time.Advance(TimeSpan.FromSeconds(60));

        await Task.WhenAll(one.RunOnceAsync(CancellationToken.None), two.RunOnceAsync(CancellationToken.None));

        Assert.That(
            (await DigestsAsync()).SelectMany(ids => ids),
            Is.EquivalentTo(Enumerable.Range(0, 300).Select(i => $"t{i}")));
        await AssertNothingLeftAsync();

        static void Small(QueueServerOptions options) => options.GroupMaxSize = 7;
    }

    [Test]
    public async Task RunOnce_AggregatesARetriedMember_ThatTheForwarderPutBackIntoItsGroup()
    {
        var parts = Aggregating();
        await AddAsGoAsync("a", Now, isListed: false);
        await Redis.KeyDeleteAsync("asynq:{mail}:g:user:42");
        await Redis.HashSetAsync("asynq:{mail}:t:a", "state", "retry");
        await Redis.SortedSetAddAsync("asynq:{mail}:retry", "a", Now);

        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(60));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" } }));
    }

    [Test]
    public async Task RunOnce_GoesOn_WhenGhostsAndUnreadableOnesAreAmongTheTasks()
    {
        var aggregator = Aggregating().Aggregator!;
        await AddToGroupAsync("ghost", "odd", "a");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:odd", "msg", "\xff");

        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" } }));
        Assert.That(
            (await ZSetAsync("asynq:{mail}:archived")).Select(entry => entry.Item1), Is.EqualTo(new[] { "odd" }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_GivesUpAggregator_AtTheDeadlineOfTheSet()
    {
        var entered = new TaskCompletionSource();
        var parts = Aggregating(async (_, tasks, _) =>
        {
            entered.SetResult();
            await new TaskCompletionSource().Task; // does not look at its token
            return Digest(tasks);
        });
        await AddToGroupAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));
        var pass = parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

        Time.Advance(TimeSpan.FromSeconds(120));
        await pass.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", (double)Now) }));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "user:42"), Is.True);
    }

    [Test]
    public async Task RunOnce_DoesNotCount_WhenTheTasksWereTakenBackMeanwhile()
    {
        var other = Aggregating();
        var slow = Aggregating(async (_, tasks, _) =>
        {
            // The clock of another server is two minutes ahead.
            await Redis.SortedSetAddAsync(
                "asynq:{mail}:aggregation_sets", (await ZSetAsync("asynq:{mail}:aggregation_sets"))[0].Item1, Now);
            await other.Reclaimer.RunOnceAsync(CancellationToken.None);
            await other.Aggregator!.RunOnceAsync(CancellationToken.None);
            return Digest(tasks);
        });
        await AddToGroupAsync("a", "b");
        Time.Advance(TimeSpan.FromSeconds(60));

        await slow.Aggregator!.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a", "b" } }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_DoesNotCount_WhenAGoServerTookTheTasksBack()
    {
        var isFirst = true;
        var aggregator = Aggregating(async (_, tasks, _) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await TakeBackAsGoAsync();
            }

            return Digest(tasks);
        }).Aggregator!;
        await AddToGroupAsync("a", "b");
        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:pending"), Is.False);

        await AddToGroupAsync("c"); // which lists the group again
        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a", "b", "c" } }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_ReturnsTheSetAtOnce_WhileTheIdOfItsAggregateIsTaken()
    {
        var parts = Aggregating(
            (_, tasks, _) => Task.FromResult(Digest(tasks, new EnqueueOptions { TaskId = "agg" })));
        await AddToGroupAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        await AddToGroupAsync("b");
        Time.Advance(TimeSpan.FromSeconds(60));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" } }));
        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("b", Now + 60d) }));

        await Store.TakeAsync("mail", 1, Now + 150, withPendingSince: false);
        await Store.FinishAsync("mail", [new FinishedTask(Lease("agg", Now + 150), TaskOutcome.Done)]);
        Time.Advance(TimeSpan.FromSeconds(15));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "b" } }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Loop_AggregatesAtTheDueSecond_WithoutWaitingForItsInterval()
    {
        var parts = Aggregating();
        await AddAsGoAsync("a", Now - 57);
        parts.Aggregator!.Start();

        // Small steps, so that time does not run away from the loop on a busy machine.
        for (var step = 0; Aggregated.IsEmpty; step++)
        {
            Assert.That(
                step, Is.LessThan(50_000),
                $"{string.Join(' ', await DumpAsync())} {string.Join(' ', Faults.Calls)} {Time.GetUtcNow()}");
            Time.Advance(TimeSpan.FromMilliseconds(2));
            await Redis.PingAsync();
        }

        Assert.That(
            Time.GetUtcNow().ToUnixTimeSeconds(), Is.InRange(Now + 3, Now + 6),
            "the next look is due at the second 7");
        await parts.Aggregator.StopAsync();
    }

    [Test]
    public async Task Loop_FindsGroupsThatBecameFull_AtItsNextLook()
    {
        var parts = Aggregating(configure: options => options.GroupMaxSize = 2);
        parts.Aggregator!.Start();
        await PassTimeUntilAsync(
            () => Task.FromResult(Faults.Calls.Contains(nameof(IGroupStore.FindDueGroupsAsync))));

        await AddToGroupAsync("a", "b");
        await PassTimeUntilAsync(() => Redis.KeyExistsAsync("asynq:{mail}:pending"));

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a", "b" } }));
        Assert.That(
            Time.GetUtcNow(), Is.LessThan(DateTimeOffset.FromUnixTimeSeconds(Now + 60)), "not by the grace period");
        await parts.Aggregator.StopAsync();
    }

    [Test]
    public async Task Stop_LetsAggregatorFinish_WhileTheShutdownTimeoutLasts()
    {
        var (entered, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var parts = Aggregating(async (_, tasks, _) =>
        {
            entered.SetResult();
            await finish.Task;
            return Digest(tasks);
        });
        await AddToGroupAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));
        parts.Aggregator!.Start();
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var stop = parts.Aggregator.StopAsync();
        finish.SetResult();
        await stop.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" } }));
    }

    [Test]
    public async Task Stop_PutsTasksBackAtOnce_WhenTheAggregatorTakesTooLong()
    {
        var entered = new TaskCompletionSource();
        var parts = Aggregating(async (_, tasks, token) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, token);
            return Digest(tasks);
        });
        await AddToGroupAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));
        parts.Aggregator!.Start();
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var stop = parts.Aggregator.StopAsync();
        Time.Advance(TimeSpan.FromSeconds(8));
        await stop.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", (double)Now) }));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "user:42"), Is.True);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);
    }
}
