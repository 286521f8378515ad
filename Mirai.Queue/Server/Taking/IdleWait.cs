namespace Mirai.Queue.Server.Taking;

/// <summary>How long a server with free slots waits before it asks for tasks again: until a signal, at the latest
/// until the poll interval is over.</summary>
/// <remarks>Every idle server hears every signal, and one of them gets the task. A server that came too late several
/// times holds back after the next signals, for a short random time that grows with every miss: a fleet of servers
/// does not ask Redis all at once for every single task.</remarks>
internal sealed class IdleWait(TimeSpan pollInterval, TimeProvider time)
{
    private const int FreeMisses = 3;
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(16);

    private readonly AsyncSignal wakeUp = new();
    private bool wasWoken;
    private int misses;
    private long? pollAt;

    /// <summary>The longest wait.</summary>
    public TimeSpan Longest => pollInterval * 1.5;

    /// <summary>Ends the wait, or the next one: there may be tasks.</summary>
    public void WakeUp() => wakeUp.Set();

    /// <summary>Whether the poll interval is over.</summary>
    public bool IsPollDue => pollAt is not { } at || time.GetTimestamp() >= at;

    /// <summary>Begins the poll interval again. A signal does not.</summary>
    public void BeginInterval() =>
        pollAt = time.GetTimestamp() + (long)(VariedInterval().TotalSeconds * time.TimestampFrequency);

    /// <summary>Records whether the poll after the last wait found tasks.</summary>
    public void Polled(bool foundTasks)
    {
        if (foundTasks)
        {
            misses = 0;
        }
        else if (wasWoken)
        {
            misses++;
        }

        wasWoken = false;
    }

    /// <summary>Waits for a signal or the poll interval, and holds back.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        wasWoken = await wakeUp.WaitAsync(UntilPoll(), time, cancellationToken).ConfigureAwait(false);
        if (wasWoken && misses > FreeMisses)
        {
            await Task.Delay(Random.Shared.NextDouble() * HoldBound(), time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Half to one and a half times the interval, as in Asynq: servers drift apart instead of polling together.
    private TimeSpan VariedInterval() => pollInterval * (0.5 + Random.Shared.NextDouble());

    private TimeSpan UntilPoll()
    {
        if (pollAt is not { } at)
        {
            return VariedInterval();
        }

        // Rounded up: a wait that ends before the interval does would have to be repeated.
        var seconds = Math.Max(0, (at - time.GetTimestamp()) / (double)time.TimestampFrequency);
        return TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
    }

    // 2 ms, 4 ms, 8 ms, then 16 ms.
    private TimeSpan HoldBound()
    {
        var bound = TimeSpan.FromMilliseconds(1 << Math.Min(misses - FreeMisses, 10));
        return bound < LongestHold ? bound : LongestHold;
    }
}
