namespace Mirai.Cache.Filling;

/// <summary>One read of a key, and its fill if it misses, for everybody in the process who asks for the key
/// meanwhile.</summary>
internal abstract class Flight(string name, IReadOnlyList<string> tags)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource abandoned = new();
    private int callers = 1;
    private bool isAbandoned;
    private volatile bool isOutdated;

    public string Name => name;

    public IReadOnlyList<string> Tags => tags;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>The key was invalidated after the flight began: what it makes is for those who asked before.</summary>
    public bool IsOutdated
    {
        get => isOutdated;
        set => isOutdated = value;
    }

    protected abstract bool IsAnswered { get; }

    /// <summary>Another caller takes part.</summary>
    /// <returns><see langword="false"/> when it is too late.</returns>
    public bool TryEnter()
    {
        lock (gate)
        {
            callers += isAbandoned ? 0 : 1;
            return !isAbandoned;
        }
    }

    /// <summary>A caller has its answer, or gave up.</summary>
    public void Leave()
    {
        lock (gate)
        {
            callers--;
            isAbandoned |= callers == 0 && !IsAnswered;
            if (!isAbandoned)
            {
                return;
            }
        }

        abandoned.Cancel();
    }
}
