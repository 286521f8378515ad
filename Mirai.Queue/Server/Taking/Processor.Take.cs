using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <content>One round trip: asks the queues, and starts, defers, requeues or quarantines each task that
/// comes.</content>
internal sealed partial class Processor
{
    // Redis answers in milliseconds.
    private static readonly TimeSpan SlowReply = TimeSpan.FromSeconds(1);

    // Queues whose reply has not come; continuations remove them.
    private readonly ConcurrentDictionary<string, bool> slow = new(StringComparer.Ordinal);

    private async Task<(int Started, bool AnyDeferred)> TakeRoundAsync(int slots, int tries)
    {
        var began = time.GetTimestamp();
        var asked = Ask(slots);
        await WaitAsync(asked).ConfigureAwait(false);
        var (started, deferred) = (0, 0);
        List<(int Queue, Exception Exception)> unanswered = [];
        foreach (var take in asked)
        {
            var name = picker.Queues[take.Queue].Name;
            if (!take.Reply.IsCompleted)
            {
                picker.Close(take.Queue);
                slow.TryAdd(name, true);
                _ = GiveUpAsync(name, take);
                continue;
            }

            try
            {
                var taken = await take.Reply.ConfigureAwait(false);
                refused.Remove(name);
                var accepted = Accept(picker.Queues[take.Queue], taken, take.Lease);
                started += accepted.Started;
                deferred += accepted.Deferred;
                picker.Reserve(take.Queue, accepted.Deferred, tries);
                if (take.IsList)
                {
                    picker.Replied(take.Queue, taken.Tasks.Count, taken.Left);
                }
            }
            catch (Exception exception)
            {
                picker.Close(take.Queue);
                if (!RedisFaults.IsTransient(exception))
                {
                    picker.Attention.Refused(take.Queue);
                }

                if (IsUnanswered(name, take, exception))
                {
                    unanswered.Add((take.Queue, exception));
                }
            }
        }

        if (unanswered.Count > 0)
        {
            OnUnanswered(unanswered, asked.Select(take => take.Queue), began);
        }

        return (started, deferred > 0);
    }

    // Waits for all replies; not for long when one queue has answered and another has not, whose shard may hang.
    private async ValueTask WaitAsync(List<Take> asked)
    {
        if (asked.Count == 0)
        {
            return;
        }

        var all = Task.WhenAll(asked.ConvertAll(take => (Task)take.Reply));
        if (asked[0].Queue != asked[^1].Queue)
        {
            await all.WaitAsync(SlowReply, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.Exists(take => take.Reply.IsCompleted))
            {
                return;
            }
        }

        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The queue is not asked again before its reply, and what comes with the reply goes back.
    private async Task GiveUpAsync(string queue, Take take)
    {
        try
        {
            Requeue(queue, (await take.Reply.ConfigureAwait(false)).Tasks, take.Lease);
        }
        catch (Exception exception)
        {
            if (take.Count > 0 && RedisFaults.MayHaveRun(exception))
            {
                lostTakes.Add(new LostTake(queue, take.Lease, take.Count));
            }
        }
        finally
        {
            slow.TryRemove(queue, out _);
        }
    }

    // When Redis answered for another queue, or another part of the server, only a shard is away: the other queues go
    // on.
    private void OnUnanswered(
        List<(int Queue, Exception Exception)> unanswered, IEnumerable<int> asked, long began)
    {
        if (!asked.Except(unanswered.Select(take => take.Queue)).Any() && !health.HasAnsweredSince(began))
        {
            ExceptionDispatchInfo.Throw(unanswered[0].Exception);
        }

        foreach (var (queue, exception) in unanswered)
        {
            picker.Attention.Refused(queue);
            if (refused.Add(picker.Queues[queue].Name))
            {
                LogUnanswered(logger, picker.Queues[queue].Name, exception.Message);
            }
        }
    }

    private List<Take> Ask(int slots)
    {
        CloseSlow();
        var shares = picker.Share(slots);
        var now = time.GetUtcNow();
        var lease = times.NextTake(now);
        var asked = new List<Take>();
        for (var i = 0; i < shares.Length; i++)
        {
            if (!picker.Asks(i))
            {
                continue;
            }

            var (queue, share) = (picker.Queues[i].Name, shares[i]);
            if (share > 0 && picker.Types?.Remove(queue, share) is { Count: > 0 } waiting)
            {
                // A take of its own: its tasks must not look like those of the other call, whose reply may be lost.
                var own = times.NextTake(now);
                asked.Add(new(i, waiting.Count, false, own, store.TakeWaitingAsync(queue, waiting, own)));
                share -= waiting.Count;
            }

            asked.Add(new(i, share, true, lease, store.TakeAsync(queue, share, lease, metrics.MeasuresPickUp)));
        }

        return asked;
    }

    private void CloseSlow()
    {
        if (slow.IsEmpty)
        {
            return;
        }

        for (var i = 0; i < picker.Queues.Count; i++)
        {
            if (slow.ContainsKey(picker.Queues[i].Name))
            {
                picker.Close(i);
            }
        }
    }

    private (int Started, int Deferred) Accept(ServedQueue queue, TakenTasks taken, LeaseStamp lease)
    {
        if (taken.Ghosts > 0)
        {
            metrics.GhostsDropped(queue.Name, taken.Ghosts);
            LogGhosts(logger, taken.Ghosts, queue.Name);
        }

        if (taken.Tasks.Count == 0)
        {
            return (0, 0);
        }

        metrics.Consumed(queue.Name, taken.Tasks.Count);
        if (stopping.IsCancellationRequested)
        {
            Requeue(queue.Name, taken.Tasks, lease);
            return (0, 0);
        }

        return StartTasks(queue, taken.Tasks, lease);
    }

    private (int Started, int Deferred) StartTasks(
        ServedQueue queue, IReadOnlyList<TakenTask> tasks, LeaseStamp lease)
    {
        var now = time.GetUtcNow();
        var (started, deferred) = (0, 0);
        foreach (var task in tasks)
        {
            if (task.Message is not { } message)
            {
                syncer.Submit(outcomes.Quarantine(new TaskLease(queue.Name, task.Id, lease, task.Member)));
                continue;
            }

            var typeLimit = picker.Types?.Find(message.Type);
            if (typeLimit?.TryEnter() == false)
            {
                metrics.Deferred(queue.Name, 1);
                syncer.Submit(Outcomes.Defer(
                    new DeferredLease(queue.Name, task, lease, typeLimit), typeLimit.NextDue()));
                deferred++;
                continue;
            }

            queue.Limit.Enter();
            runner.Start(queue.Name, task, lease, now, queue.Limit, typeLimit);
            started++;
        }

        return (started, deferred);
    }

    // The task that is requeued last is taken first: so the oldest goes last.
    private void Requeue(string queue, IReadOnlyList<TakenTask> tasks, LeaseStamp lease)
    {
        for (var i = tasks.Count - 1; i >= 0; i--)
        {
            syncer.Submit(Outcomes.Requeue(new TaskLease(queue, tasks[i].Id, lease, tasks[i].Member)));
        }
    }

    /// <returns>Whether Redis, or the shard of the queue, is away. A queue that fails for another reason is tried again
    /// at the next poll.</returns>
    private bool IsUnanswered(string queue, in Take take, Exception exception)
    {
        if (take.Count > 0 && RedisFaults.MayHaveRun(exception))
        {
            lostTakes.Add(new LostTake(queue, take.Lease, take.Count));
        }

        if (RedisFaults.IsAway(exception))
        {
            return true;
        }

        if (refused.Add(queue))
        {
            LogFailedTake(queue, exception);
        }

        return false;
    }

    private void LogFailedTake(string queue, Exception exception)
    {
        if (RedisFaults.IsRedis(exception))
        {
            LogRefused(logger, queue, exception);
        }
        else
        {
            LogTakeBug(logger, queue, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Removed {Count} ids from the pending list of queue {Queue} whose tasks no longer exist")]
    private static partial void LogGhosts(ILogger logger, long count, string queue);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis does not answer for queue {Queue}: {Reason}. Its shard seems to be away; the server serves its " +
            "other queues and tries this one again at every poll, without further log lines")]
    private static partial void LogUnanswered(ILogger logger, string queue, string reason);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis refuses to give tasks of queue {Queue}; the server serves its other queues and tries this " +
            "one again at every poll, without further log lines. Check the memory of Redis (maxmemory), the type of " +
            "the queue's keys and the permissions of the Redis user")]
    private static partial void LogRefused(ILogger logger, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Taking tasks of queue {Queue} failed because of a bug in Mirai; the server serves its other queues " +
            "and tries this one again at every poll, without further log lines. Report the exception")]
    private static partial void LogTakeBug(ILogger logger, string queue, Exception exception);

    /// <summary>One call of a round.</summary>
    private readonly record struct Take(int Queue, int Count, bool IsList, LeaseStamp Lease, Task<TakenTasks> Reply);
}
