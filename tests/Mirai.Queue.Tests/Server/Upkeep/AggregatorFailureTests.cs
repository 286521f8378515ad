using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server.Upkeep;

/// <summary>An aggregation that fails gives its tasks back to their group at once.</summary>
internal sealed class AggregatorFailureTests : GroupTest
{
    [Test]
    public async Task RunOnce_ReturnsTheSetAtOnce_AndWaitsBeforeTheNextAttempt_WhenTheAggregatorFails()
    {
        var parts = Aggregating((group, tasks, _) =>
            group == "bad" && Aggregated.Count(call => call.Group == "bad") == 1
                ? throw new InvalidOperationException("boom") : Task.FromResult(Digest(tasks)));
        await AddToGroupAsync("a");
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Group = "bad" }));
        Time.Advance(TimeSpan.FromSeconds(60));

        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Assert.That(
            await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" } }), "one bad group does not keep the others");
        Assert.That(await ZSetAsync("asynq:{mail}:g:bad"), Is.EqualTo(new[] { ("b", (double)Now) }));
        Assert.That(await Redis.SetMembersAsync("asynq:{mail}:groups"), Is.EqualTo(new RedisValue[] { "bad" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);

        Time.Advance(TimeSpan.FromSeconds(14));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Assert.That(Aggregated.Count(call => call.Group == "bad"), Is.EqualTo(1), "no endless loop");

        Time.Advance(TimeSpan.FromSeconds(1));
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a" }, ["b"] }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_WaitsLongerAfterEachFailure_ButNotLongerThanTheDeadlineOfASet()
    {
        var parts = Aggregating((_, _, _) => throw new InvalidOperationException("boom"));
        await AddToGroupAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));

        foreach (var (pause, calls) in new[] { (15, 1), (30, 2), (60, 3), (120, 4), (120, 5) })
        {
            await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(pause - 1));
            await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
            Assert.That(Aggregated, Has.Count.EqualTo(calls), $"during the pause of {pause} s");
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", (double)Now) }));
    }

    [Test]
    public async Task RunOnce_ReturnsTheSetAtOnce_WhenTheAggregatorReturnsNothingOrSomethingInvalid()
    {
        var answers = new Queue<QueueTask>(
            [null!, new QueueTask("mail:digest", options: new EnqueueOptions { TaskId = " " })]);
        var aggregator = Aggregating((_, _, _) => Task.FromResult(answers.Dequeue())).Aggregator!;
        await AddToGroupAsync("a", "b");

        Time.Advance(TimeSpan.FromSeconds(60));
        await aggregator.RunOnceAsync(CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(15));
        await aggregator.RunOnceAsync(CancellationToken.None);

        Assert.That(answers, Is.Empty);
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(2));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:pending"), Is.False);
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }
}
