namespace Mirai.Cache.Tests;

/// <summary>Wakes those who wait for a condition each time that something has happened which may fulfil it.</summary>
internal sealed class Pulse
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TaskCompletionSource next = New();

    public void Beat() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <exception cref="TimeoutException">Nothing happened for half a minute, and the condition does not
    /// hold.</exception>
    public async Task UntilAsync(Func<bool> condition)
    {
        // The task first: a beat between the check and the wait is not lost.
        for (var beat = Volatile.Read(ref next).Task; !condition(); beat = Volatile.Read(ref next).Task)
        {
            await beat.WaitAsync(Patience);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
