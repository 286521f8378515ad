namespace Mirai.Queue.Server.Taking;

/// <summary>How many attempts of one kind may run, and how many do. Only the processor lets them in, one after the
/// other; they leave from anywhere.</summary>
internal class ConcurrencyLimit(int most, Action onRoom)
{
    private int running;
    private int isWanted;

    /// <summary>How many may run. A lower number than before interrupts nothing.</summary>
    public int Most { get; set; } = most;

    public int Running => Volatile.Read(ref running);

    /// <summary>How many more may run; below zero after <see cref="Most"/> was lowered.</summary>
    public int Room => Most - Running;

    public void Enter() => Interlocked.Increment(ref running);

    public void Leave()
    {
        Interlocked.Decrement(ref running);
        if (IsAwaited())
        {
            onRoom();
        }
    }

    /// <summary>Something waits for room, and there was none: there will be a call when there is. At once if an
    /// attempt has left in between.</summary>
    public void AwaitRoom()
    {
        Interlocked.Exchange(ref isWanted, 1);
        if (Room > 0 && IsAwaited())
        {
            onRoom();
        }
    }

    /// <summary>Whether somebody is to be told of room; asked once per call to be made.</summary>
    protected virtual bool IsAwaited() => Interlocked.Exchange(ref isWanted, 0) != 0;
}
