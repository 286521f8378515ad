namespace Mirai.Queue.Server.Taking;

/// <summary>How long a server with free slots waits before it asks for tasks again: until a signal, at the latest
/// until the poll interval is over.</summary>
/// <remarks>Every idle server hears every signal, and one of them gets the task. Those that come too late wait a
/// little at random before the next signal moves them, more each time: a fleet does not storm Redis for every single
/// task.</remarks>
internal sealed class IdleWait(TimeSpan pollInterval, TimeProvider time)
{
    private const int FreeMisses = 3;
    private const int LongestHoldMilliseconds = 16;

    private readonly AsyncSignal wakeUp = new();
    private bool wasWoken;
    private int misses;

    /// <summary>The longest wait.</summary>
    public TimeSpan Longest => pollInterval * 1.5;

    /// <summary>There may be tasks.</summary>
    public void WakeUp() => wakeUp.Set();

    /// <summary>Tells what the poll after the last wait found.</summary>
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

    /// <summary>Waits.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        // Half to one and a half times the interval, as Asynq does: servers drift apart instead of polling together.
        var interval = pollInterval * (0.5 + Random.Shared.NextDouble());
        wasWoken = await wakeUp.WaitAsync(interval, time, cancellationToken).ConfigureAwait(false);
        if (wasWoken && misses > FreeMisses)
        {
            var bound = Math.Min(1 << Math.Min(misses - FreeMisses, 10), LongestHoldMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound), time, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
