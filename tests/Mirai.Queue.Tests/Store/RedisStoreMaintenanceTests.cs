using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreMaintenanceTests : StoreTest
{
    [Test]
    public async Task Forward_MovesDueTasksInOrder_WhenTheirSecondHasCome()
    {
        await EnqueueAsync(NewTask("later", In(11)), NewTask("second", In(10)), NewTask("first", In(5)));

        Time.Advance(TimeSpan.FromSeconds(10));
        var result = await Store.ForwardAsync("mail");

        Assert.That(result, Is.EqualTo(new ForwardResult(2, DateTimeOffset.FromUnixTimeSeconds(Now + 11))));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "second", "first" }));
        Assert.That(await FieldsAsync("first"), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["state"] = "pending",
            ["pending_since"] = "4000000010000000000",
        }));
    }

    [Test]
    public async Task Forward_TakesScheduledBeforeRetry_WhenBothAreDue()
    {
        await TakeNewAsync("retried");
        await Store.FinishAsync("mail", [new FinishedTask(Lease("retried"), TaskOutcome.Retry, default, Now + 1)]);
        await EnqueueAsync(NewTask("scheduled", In(1)));

        Time.Advance(TimeSpan.FromSeconds(1));
        var result = await Store.ForwardAsync("mail");

        Assert.That(result, Is.EqualTo(new ForwardResult(2, null)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "retried", "scheduled" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:retry"), Is.False);
    }

    [Test]
    public async Task Forward_MovesOneBatch_WhenMoreAreDue()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, RedisStore.ForwardBatch + 5).Select(i => NewTask($"t{i:000}", In(1)))]);

        Time.Advance(TimeSpan.FromSeconds(1));
        var first = await Store.ForwardAsync("mail");
        var second = await Store.ForwardAsync("mail");

        Assert.That(first, Is.EqualTo(
            new ForwardResult(RedisStore.ForwardBatch, DateTimeOffset.FromUnixTimeSeconds(Now + 1))));
        Assert.That(second, Is.EqualTo(new ForwardResult(5, null)));
    }

    [Test]
    public async Task Forward_AddsToGroupAndRegistersIt_WhenHashNamesAGroup()
    {
        await EnqueueAsync(NewTask("a", In(1)));
        await Redis.HashSetAsync("asynq:{mail}:t:a", "group", "daily");

        Time.Advance(TimeSpan.FromSeconds(1));
        await Store.ForwardAsync("mail");

        Assert.That(await ZSetAsync("asynq:{mail}:g:daily"), Is.EqualTo(new[] { ("a", Now + 1d) }));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "daily"), Is.True);
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("aggregating"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:pending"), Is.False);
    }

    [Test]
    public async Task Forward_DropsTheId_WhenItsTaskIsGone()
    {
        await EnqueueAsync(NewTask("ghost", In(1)));
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");

        Time.Advance(TimeSpan.FromSeconds(1));
        var result = await Store.ForwardAsync("mail");

        Assert.That(result, Is.EqualTo(new ForwardResult(1, null)));
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task Forward_RoundsDueTimeUp_WhenScoreHasAFraction()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:scheduled", "a", Now + 1.5);

        var result = await Store.ForwardAsync("mail");

        Assert.That(result.NextDue, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(Now + 2)));
    }

    [Test]
    public async Task DeleteExpiredCompleted_DeletesInBatches_WhenRetentionIsOver()
    {
        foreach (var (id, score) in new[] { ("a", Now - 1), ("b", Now), ("c", Now + 1) })
        {
            await Redis.SortedSetAddAsync("asynq:{mail}:completed", id, score);
            await Redis.HashSetAsync($"asynq:{{mail}}:t:{id}", "state", "completed");
        }

        Assert.That(await Store.DeleteExpiredCompletedAsync("mail", 1), Is.EqualTo(1));
        Assert.That(await Store.DeleteExpiredCompletedAsync("mail", 5), Is.EqualTo(1));
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:{mail}:completed", "asynq:{mail}:t:c" }));
    }

    [Test]
    public async Task TrimArchive_DropsTheOldest_WhenThereAreTooMany()
    {
        await ArchiveAsync(Enumerable.Range(0, 10_001).Select(i => ($"t{i:00000}", Now - 20_000L + i)));

        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(2));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(9_999));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:t00001"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:t00002"), Is.True);
    }

    [Test]
    public async Task TrimArchive_DropsOnlyABatch_WhenManyAreTooOld()
    {
        var old = Now - (long)TimeSpan.FromDays(91).TotalSeconds;
        await ArchiveAsync(Enumerable.Range(0, 250).Select(i => ($"t{i:000}", old + i)).Append(("young", Now)));

        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(100));
        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(100));
        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(50));
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:{mail}:archived", "asynq:{mail}:t:young" }));
    }

    [Test]
    public async Task TrimArchive_CountsCalendarDaysOfTheLocalZone_WhenClocksChangedInBetween()
    {
        // Noon in Berlin, 90 calendar days before noon: winter time began in between, so 90 x 24 h is an hour off.
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "test", "test summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 30),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 28)),
        ]);
        Time.SetLocalTimeZone(zone);
        Time.SetUtcNow(new DateTimeOffset(2097, 1, 1, 11, 0, 0, TimeSpan.Zero));
        var cutoff = new DateTimeOffset(2096, 10, 3, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        await ArchiveAsync([("old", cutoff), ("young", cutoff + 1)]);

        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(1));
        Assert.That(
            (await ZSetAsync("asynq:{mail}:archived")).Select(entry => entry.Item1), Is.EqualTo(new[] { "young" }));
    }

    private static EnqueueOptions In(int seconds) => new() { ProcessIn = TimeSpan.FromSeconds(seconds) };

    private static async Task ArchiveAsync(IEnumerable<(string Id, long Score)> tasks)
    {
        var all = tasks.ToList();
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:archived", [.. all.Select(task => new SortedSetEntry(task.Id, task.Score))]);
        await Task.WhenAll(all.Select(task => Redis.HashSetAsync($"asynq:{{mail}}:t:{task.Id}", "state", "archived")));
    }
}
