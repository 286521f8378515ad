using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class JanitorTests : ServerTest
{
    [Test]
    public async Task RunOnce_DeletesAllExpired_InStepsOfItsBatch()
    {
        var parts = Parts(configure: options => options.JanitorBatchSize = 10);
        for (var i = 0; i < 25; i++)
        {
            await Redis.SortedSetAddAsync("asynq:{mail}:completed", $"t{i}", Now);
            await Redis.HashSetAsync($"asynq:{{mail}}:t:t{i}", "state", "completed");
        }

        await parts.Janitor.RunOnceAsync(CancellationToken.None);

        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(Faults.Calls.Count(name => name == nameof(IQueueStore.DeleteExpiredCompletedAsync)), Is.EqualTo(3));
    }

    [Test]
    public async Task RunOnce_TrimsArchive_ToItsMost()
    {
        var parts = Parts();
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:archived",
            [.. Enumerable.Range(0, 10_150).Select(i => new SortedSetEntry($"t{i:00000}", Now - 20_000 + i))]);

        await parts.Janitor.RunOnceAsync(CancellationToken.None);

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(9_999));
    }

    [Test]
    public async Task OnWritten_TrimsAtOnce_WhenATaskWasArchived()
    {
        var parts = Parts(_ => throw new SkipRetryException("no"));
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:archived",
            [.. Enumerable.Range(0, 10_000).Select(i => new SortedSetEntry($"t{i:00000}", Now - 20_000 + i))]);
        await EnqueueAsync(NewTask("a"));
        parts.Janitor.Start();
        var trimmed = Faults.WhenReturned(nameof(IQueueStore.TrimArchiveAsync));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        // No time passes on the test's clock: only the outcome can have moved the janitor.
        await trimmed.WaitAsync(TimeSpan.FromSeconds(10));
        await parts.Janitor.StopAsync();
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(9_999));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{mail}:archived", "a"), Is.EqualTo(Now));
    }
}
