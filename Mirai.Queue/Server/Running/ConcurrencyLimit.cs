namespace Mirai.Queue.Server.Running;

/// <summary>How many attempts of one kind may run, and how many do. Only the processor lets attempts in, one after the
/// other; attempts leave on any thread.</summary>
internal class ConcurrencyLimit(int max, Action onRoom)
{
    private int running;
    private int isRoomAwaited;

    /// <summary>How many attempts may run. A lower number than before interrupts nothing.</summary>
    public int Max { get; set; } = max;

    public int Running => Volatile.Read(ref running);

    /// <summary>How many more attempts may run; below zero after <see cref="Max"/> was lowered.</summary>
    public int Room => Max - Running;

    public void Enter() => Interlocked.Increment(ref running);

    public void Leave()
    {
        Interlocked.Decrement(ref running);
        if (IsAwaited())
        {
            onRoom();
        }
    }

    /// <summary>Asks for one call when there is room. The call comes at once if an attempt has left since the caller
    /// saw no room.</summary>
    public void AwaitRoom()
    {
        Interlocked.Exchange(ref isRoomAwaited, 1);
        if (Room > 0 && IsAwaited())
        {
            onRoom();
        }
    }

    /// <summary>Whether to call back now that there is room; asked once for every possible call.</summary>
    protected virtual bool IsAwaited() => Interlocked.Exchange(ref isRoomAwaited, 0) != 0;
}
