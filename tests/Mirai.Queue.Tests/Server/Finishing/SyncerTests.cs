using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Finishing;

internal sealed class SyncerTests : ServerTest
{
    [Test]
    public async Task Submit_WritesTogether_WhatEndedTogether()
    {
        var parts = Parts();
        await TakeNewAsync("a", "b", "c");
        foreach (var id in new[] { "a", "b", "c" })
        {
            parts.Syncer.Submit(new FinishedTask(Lease(id), TaskOutcome.Done));
        }

        await WriteBackAsync(parts);

        Assert.That(Faults.Calls, Is.EqualTo(new[] { nameof(IQueueStore.FinishAsync) }));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(3));
    }

    [Test]
    public async Task Submit_RepeatsTheWrite_UntilRedisAnswers()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        Faults.FailFirst(nameof(IQueueStore.FinishAsync), 3, FaultyStore.Fault.NotSent);
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));

        await WriteBackWhileTimePassesAsync(parts);

        Assert.That(Faults.Calls.Count(name => name == nameof(IQueueStore.FinishAsync)), Is.EqualTo(4));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Submit_CountsOnce_WhenTheReplyGotLost()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        Faults.FailFirst(nameof(IQueueStore.FinishAsync), 1, FaultyStore.Fault.ReplyLost);
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Retry, default, Now + 60));

        await WriteBackWhileTimePassesAsync(parts);

        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 60d) }));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:failed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Leases_AreRenewed_WhileAnOutcomeWaitsForRedis()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));

        Time.Advance(TimeSpan.FromSeconds(20));
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("a", Now + 50d) }));
        await WriteBackAsync(parts);
        Assert.That(
            (long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(1), "the renewed lease is its own");
    }

    [Test]
    public async Task Submit_WritesTheOthers_WhenRedisRefusesOneForGood()
    {
        var parts = Parts();
        await TakeNewAsync("a", "b");
        await Redis.StringSetAsync("asynq:{mail}:retry", "no sorted set");
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Retry, default, Now + 60));
        parts.Syncer.Submit(new FinishedTask(Lease("b"), TaskOutcome.Done));

        await WriteBackAsync(parts);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:b"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.True);
    }

    [Test]
    public async Task WaitForRoom_Waits_WhileTooMuchIsUnwritten()
    {
        var parts = Parts();
        var ids = Enumerable.Range(0, 1_000).Select(i => $"t{i}").ToArray();
        foreach (var chunk in ids.Chunk(500))
        {
            await TakeNewAsync(chunk);
        }

        foreach (var id in ids)
        {
            parts.Syncer.Submit(new FinishedTask(Lease(id), TaskOutcome.Done));
        }

        var room = parts.Syncer.WaitForRoomAsync(CancellationToken.None).AsTask();
        Assert.That(room.IsCompleted, Is.False);

        await WriteBackAsync(parts);
        await room.WaitAsync(TimeSpan.FromSeconds(10));
    }

    // The pauses between attempts are the fake clock's.
    private async Task WriteBackWhileTimePassesAsync(QueueServerParts parts)
    {
        parts.Syncer.Start();
        var stopped = parts.Syncer.StopAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        await PassTimeUntilAsync(() => Task.FromResult(stopped.IsCompleted));
        await stopped;
    }
}
