namespace Mirai.Cache.Filling;

/// <summary>One read of a key, and its fill if it misses, for all callers in the process that ask for the key
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

    /// <summary>Cancelled when the last caller has stopped waiting.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>Whether the key was invalidated after the flight began. Its entry then goes only to callers that asked
    /// before, and is neither stored nor kept.</summary>
    public bool IsOutdated
    {
        get => isOutdated;
        set => isOutdated = value;
    }

    protected abstract bool IsAnswered { get; }

    /// <summary>Adds a caller.</summary>
    /// <returns><see langword="false"/> when the flight is abandoned already.</returns>
    public bool TryEnter()
    {
        lock (gate)
        {
            callers += isAbandoned ? 0 : 1;
            return !isAbandoned;
        }
    }

    /// <summary>A caller has its answer, or has stopped waiting.</summary>
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

/// <summary>A flight for entries of one type.</summary>
internal sealed class Flight<T>(string name, IReadOnlyList<string> tags) : Flight(name, tags)
{
    private readonly TaskCompletionSource<CacheEntry<T>> answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CacheEntry<T>> Entry => answer.Task;

    protected override bool IsAnswered => answer.Task.IsCompleted;

    /// <summary>Answers all callers with an entry. The flight may go on, to store a newer one.</summary>
    /// <returns><see langword="false"/> when the callers have an answer already.</returns>
    public bool Answer(CacheEntry<T> entry) => answer.TrySetResult(entry);

    /// <summary>Answers all callers with an exception.</summary>
    /// <returns><see langword="false"/> when the callers have an answer already.</returns>
    public bool Fail(Exception exception)
    {
        if (!(exception is OperationCanceledException ? answer.TrySetCanceled() : answer.TrySetException(exception)))
        {
            return false;
        }

        // When all callers have left, the exception must not count as unobserved.
        _ = answer.Task.Exception;
        return true;
    }
}
