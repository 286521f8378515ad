using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>A duty that every pass does for every served queue; of many queues, for those that need it
/// (<see cref="QueueVisits"/>). A queue that Redis refuses (a key of the wrong type, no permission), or whose shard is
/// away, does not keep the other queues from it. Later passes try that queue again, after a pause that doubles up to the
/// interval (<see cref="QueueTroubles"/>).</summary>
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

    private readonly RedisHealth health = health;
    private readonly FaultLog faults = new(time, logger);
    private readonly QueueTroubles troubles = new(interval < FirstBackOff ? interval : FirstBackOff, interval);
    private QueueVisits? visits;
    private DateTimeOffset nextLook;
    private bool hasAskedRedis;

    internal override bool HasAskedRedis => hasAskedRedis;

    /// <summary>The longest pause between two passes.</summary>
    protected TimeSpan Interval => interval;

    /// <summary>Whether the queues go side by side. One after the other is kinder to Redis.</summary>
    protected virtual bool IsParallel => false;

    /// <summary>How many of many queues a pass visits because they have something; the others wait for the next
    /// pass.</summary>
    protected virtual int MostVisits => int.MaxValue;

    private QueueVisits Visits => LazyInitializer.EnsureInitialized(ref visits, () => new(MostVisits, FindAsync));

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        await RunQueuesAsync(cancellationToken).ConfigureAwait(false);
        var next = Visits.Earliest;
        return PauseUntil(next < nextLook ? next : nextLook);
    }

    /// <summary>A queue needs the duty at this moment. Cuts the pause short if that is the earliest.</summary>
    public void Expect(string queue, DateTimeOffset at)
    {
        if (Visits.Expect(queue, at))
        {
            RunNow();
        }
    }

    /// <summary>Any queue may need the duty now.</summary>
    public void ExpectAny()
    {
        Visits.ExpectAny();
        RunNow();
    }

    /// <summary>The duty for one queue.</summary>
    /// <returns>When the queue needs the duty before the interval is over; <see langword="null"/> when nothing is
    /// known.</returns>
    protected abstract Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Finds the queues that have something to do.</summary>
    protected virtual Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) => Task.FromResult(names);

    private async Task RunQueuesAsync(CancellationToken cancellationToken)
    {
        var names = queues.Names;
        var began = Time.GetTimestamp();
        var pass = new PassFaults(faults, () => health.HasAnsweredSince(began));
        faults.KeepOnly(names);
        troubles.KeepOnly(names);
        var now = Time.GetUtcNow();
        var isLook = now >= nextLook;
        try
        {
            var chosen = await Visits.ChooseAsync(names, now, isLook).ConfigureAwait(false);
            nextLook = isLook || chosen.Count == names.Count ? now + interval : nextLook;
            var asked = WithoutTroubles(chosen, now);
            await (IsParallel
                ? RunTogetherAsync(asked, pass, cancellationToken)
                : RunInTurnAsync(asked, pass, cancellationToken)).ConfigureAwait(false);

            // Patterns alone are no queues yet, and a look asks only when there are many queues.
            hasAskedRedis = asked.Count > 0 || (isLook && names.Count > QueueAttention.Few);
            pass.End();
        }
        catch
        {
            Visits.ExpectAny(); // the next pass looks, because this one did not settle what it chose
            troubles.Clear(); // all of Redis is away: no queue waits for longer than the others
            throw;
        }
    }

    private IReadOnlyList<string> WithoutTroubles(IReadOnlyList<string> chosen, DateTimeOffset now)
    {
        var asked = troubles.Select(chosen, now);
        if (asked.Count < chosen.Count)
        {
            foreach (var queue in chosen.Except(asked, StringComparer.Ordinal))
            {
                if (troubles.Until(queue) is { } until)
                {
                    Visits.Expect(queue, until);
                }
            }
        }

        return asked;
    }

    // At most the interval.
    private TimeSpan PauseUntil(DateTimeOffset due)
    {
        var left = due - Time.GetUtcNow();
        if (left > interval)
        {
            return interval;
        }

        return left > TimeSpan.Zero ? left + Lateness : ShortestPause;
    }

    private async Task RunTogetherAsync(
        IReadOnlyList<string> names, PassFaults pass, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(names.Select(queue => IsolateAsync(queue, pass, cancellationToken)).ToList());
        if (!all.IsCompleted)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var slow = Task.Delay(SlowQueue, Time, ended.Token);
            await Task.WhenAny(all, slow).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
        }

        if (all.IsCompleted || !pass.IsAnswered)
        {
            await all.ConfigureAwait(false);
        }
    }

    private async Task RunInTurnAsync(
        IReadOnlyList<string> names, PassFaults pass, CancellationToken cancellationToken)
    {
        foreach (var queue in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Pulse.Beat(LongestPass); // while Redis is away, each queue takes a time-out
            await IsolateAsync(queue, pass, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task IsolateAsync(string queue, PassFaults pass, CancellationToken cancellationToken)
    {
        troubles.Begin(queue);
        try
        {
            if (await RunQueueAsync(queue, cancellationToken).ConfigureAwait(false) is { } due)
            {
                Visits.Expect(queue, due);
            }

            troubles.Succeeded(queue);
            pass.Succeeded(queue);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Visits.Expect(queue, troubles.Failed(queue, Time.GetUtcNow()));
            pass.Failed(queue, $"{Name} of queue {queue}", exception);
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
