using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>A duty that every pass does for every served queue. A queue that Redis refuses (a key of the wrong type, no
/// permission), or whose shard is away, does not keep the other queues from it. Later passes try that queue again,
/// after a pause that doubles up to the interval.</summary>
internal abstract class QueueUpkeep(
    ServedQueues queues, TimeSpan interval, RedisHealth health, TimeProvider time, ILogger logger)
    : Loop(health, time, logger)
{
    // Due times are whole seconds and timers a little imprecise: a pass that came too early would have to come again.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(1);

    // A queue that needs a pass at once, pass after pass, has something wrong: it must not take all the time there is.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);

    // Redis answers in milliseconds: a queue that takes longer goes on by itself, and the pass ends without it.
    private static readonly TimeSpan SlowQueue = TimeSpan.FromSeconds(2);

    private readonly FaultLog faults = new(time, logger);
    private readonly QueueTroubles troubles = new(interval < FirstBackOff ? interval : FirstBackOff, interval);
    private bool hasAskedRedis;

    internal override bool HasAskedRedis => hasAskedRedis;

    /// <summary>The longest pause between two passes.</summary>
    protected TimeSpan Interval => interval;

    /// <summary>Whether the queues go side by side. One after the other is kinder to Redis.</summary>
    protected virtual bool IsParallel => false;

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken) =>
        PauseUntil(await RunQueuesAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The duty for one queue.</summary>
    /// <returns>When the queue needs the duty before the interval is over; <see langword="null"/> when nothing is
    /// known.</returns>
    protected abstract Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken);

    /// <summary>The duty for every queue.</summary>
    /// <returns>The earliest moment at which a queue needs it again.</returns>
    protected async Task<DateTimeOffset?> RunQueuesAsync(CancellationToken cancellationToken)
    {
        var names = queues.Names;
        var pass = new PassFaults(faults);
        faults.KeepOnly(names);
        troubles.KeepOnly(names);
        var asked = troubles.Select(names, Time.GetUtcNow());
        var earliest = IsParallel
            ? await RunTogetherAsync(asked, pass, cancellationToken).ConfigureAwait(false)
            : await RunInTurnAsync(asked, pass, cancellationToken).ConfigureAwait(false);
        hasAskedRedis = pass.IsAnswered || asked.Count > 0; // patterns alone are no queues yet
        try
        {
            pass.End();
        }
        catch
        {
            troubles.Clear(); // all of Redis is away: no queue waits for longer than the others
            throw;
        }

        return earliest;
    }

    /// <summary>The pause until a moment, at most the interval.</summary>
    protected TimeSpan PauseUntil(DateTimeOffset? due)
    {
        var left = (due ?? DateTimeOffset.MaxValue) - Time.GetUtcNow();
        if (left > interval)
        {
            return interval;
        }

        return left > TimeSpan.Zero ? left + Lateness : ShortestPause;
    }

    private async Task<DateTimeOffset?> RunTogetherAsync(
        IReadOnlyList<string> names, PassFaults pass, CancellationToken cancellationToken)
    {
        var steps = names.Select(queue => IsolateAsync(queue, pass, cancellationToken)).ToList();
        var all = Task.WhenAll(steps);
        if (!all.IsCompleted)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var slow = Task.Delay(SlowQueue, Time, ended.Token);
            await Task.WhenAny(all, slow).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
        }

        if (all.IsCompleted || !pass.IsAnswered)
        {
            return (await all.ConfigureAwait(false)).Min();
        }

        return steps.Where(step => step.IsCompletedSuccessfully).Min(step => step.Result);
    }

    private async Task<DateTimeOffset?> RunInTurnAsync(
        IReadOnlyList<string> names, PassFaults pass, CancellationToken cancellationToken)
    {
        DateTimeOffset? earliest = null;
        foreach (var queue in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Pulse.Beat(LongestPass); // while Redis is away, each queue takes a time-out
            var due = await IsolateAsync(queue, pass, cancellationToken).ConfigureAwait(false);
            earliest = due < (earliest ?? DateTimeOffset.MaxValue) ? due : earliest;
        }

        return earliest;
    }

    private async Task<DateTimeOffset?> IsolateAsync(
        string queue, PassFaults pass, CancellationToken cancellationToken)
    {
        troubles.Begin(queue);
        try
        {
            var due = await RunQueueAsync(queue, cancellationToken).ConfigureAwait(false);
            troubles.Succeeded(queue);
            pass.Succeeded(queue);
            return due;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            troubles.Failed(queue, Time.GetUtcNow());
            pass.Failed(queue, $"{Name} of queue {queue}", exception);
            return null;
        }
        finally
        {
            troubles.End(queue);
            if (pass.HasEnded)
            {
                RunNow(); // nobody heard when this queue is due again
            }
        }
    }
}
