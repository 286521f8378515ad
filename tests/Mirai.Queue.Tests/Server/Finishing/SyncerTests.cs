using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Looping;

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

        Assert.That(await LeasesAsync(), Is.EqualTo(new[] { ("a", Now + 50d) }));
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

    [Test]
    public async Task Stop_Succeeds_WhenItIsCalledAgainAfterItsTimeOut()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        Faults.Plan(_ => FaultyStore.Fault.NotSent);
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));
        parts.Syncer.Start();

        await parts.Syncer.StopAsync(TimeSpan.Zero, TimeProvider.System);
        await parts.Syncer.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);

        Assert.That(parts.Syncer.Leases(), Has.Count.EqualTo(1));
        Assert.That(
            Log.Lines.Count(line => line.Message.StartsWith("The outcomes of 1 tasks", StringComparison.Ordinal)),
            Is.EqualTo(1));
    }

    [Test]
    public async Task Stop_Succeeds_WhenTheLoopHasEndedByABug()
    {
        await TakeNewAsync("a");
        var log = new LogList<Syncer>();
        var syncer = new Syncer(
            Faults, Parts().Health, (_, _) => throw new InvalidOperationException("bug"), 10, Time, log);
        syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));
        syncer.Start();

        await syncer.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);

        Assert.That(log.Lines.Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Critical }));
    }

    [Test]
    public async Task Start_StartsOneLoop_WhenItIsCalledTwice()
    {
        var parts = Parts();
        await TakeNewAsync("a", "b");
        var asked = new TaskCompletionSource();
        Faults.Plan(_ =>
        {
            asked.TrySetResult();
            return FaultyStore.Fault.NotSent;
        });
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));
        parts.Syncer.Start();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));

        parts.Syncer.Start();
        parts.Syncer.Submit(new FinishedTask(Lease("b"), TaskOutcome.Done));
        for (var trip = 0; trip < 10; trip++)
        {
            await Redis.PingAsync(); // a second loop would get to run
        }

        Assert.That(parts.Syncer.Leases().Select(lease => lease.TaskId), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Faults.Calls, Has.Count.EqualTo(1), "no time has passed for a second attempt");
        await parts.Syncer.StopAsync(TimeSpan.Zero, TimeProvider.System);
    }

    [Test]
    public async Task Writes_HaveNoPartInTheTraceOfWhoeverStartsTheSyncer()
    {
        var parts = Parts();
        var current = new TaskCompletionSource<Activity?>();
        await TakeNewAsync("a");
        Faults.Plan(_ =>
        {
            current.TrySetResult(Activity.Current);
            return FaultyStore.Fault.None;
        });

        using (var request = new Activity("request").Start())
        {
            parts.Syncer.Start();
        }

        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));
        Assert.That(await current.Task.WaitAsync(TimeSpan.FromSeconds(10)), Is.Null);
        await parts.Syncer.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Test]
    public async Task Write_GoesOnForTheOtherQueues_WhileOneHangs()
    {
        var parts = Parts();
        await TakeNewAsync("a", "b");
        var hanging = new TaskCompletionSource();
        Faults.Gate = (_, queue) => queue == "bad" ? hanging.Task : Task.CompletedTask;
        parts.Syncer.Start();

        parts.Syncer.Submit(new FinishedTask(new TaskLease("bad", "x", Now + 30, null), TaskOutcome.Done));
        foreach (var id in new[] { "a", "b" })
        {
            var written = Faults.WhenReturned(nameof(IQueueStore.FinishAsync));
            parts.Syncer.Submit(new FinishedTask(Lease(id), TaskOutcome.Done));
            await written.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(2));
        Assert.That(parts.Syncer.Leases().Select(lease => lease.TaskId), Has.Member("x"), "its lease is renewed");
        hanging.SetResult();
        await parts.Syncer.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.That(parts.Syncer.Leases(), Is.Empty, "the stop waits for every queue");
    }

    [Test]
    public async Task Refusals_HaveALogLineAMinute()
    {
        var parts = Parts();
        await TakeNewAsync("a", "b", "c");
        await Redis.StringSetAsync("asynq:{mail}:retry", "no sorted set");
        foreach (var id in new[] { "a", "b", "c" })
        {
            parts.Syncer.Submit(new FinishedTask(Lease(id), TaskOutcome.Retry, default, Now + 60));
            Time.Advance(TimeSpan.FromSeconds(id == "c" ? 60 : 1));
            await WriteBackAsync(parts);
        }

        var lines = Log.Lines
            .Where(line => line.Message.StartsWith("Redis refuses", StringComparison.Ordinal)).ToList();
        Assert.That(lines, Has.Count.EqualTo(2));
        Assert.That(lines[1].Message, Does.Contain("task c").And.Contain("for 1 tasks since"));
    }

    [Test]
    public async Task Write_CallsABugABug_AndNoRefusalOfRedis()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        Faults.Gate = (_, _) => throw new InvalidOperationException("bug");
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));

        await WriteBackAsync(parts);

        Assert.That(Log.Lines.Select(line => (line.Level, line.Message)), Is.EqualTo(new[]
        {
            (LogLevel.Critical,
                "The outcome of task a of queue mail could not be written because of a bug in Mirai; the task is " +
                "recovered and runs again when its lease has run out. Report the exception"),
        }));
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
