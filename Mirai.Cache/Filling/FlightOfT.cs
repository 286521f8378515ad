namespace Mirai.Cache.Filling;

/// <summary>One read of a key, and its fill if it misses, for everybody in the process who asks for the key
/// meanwhile.</summary>
internal sealed class Flight<T>(string name, IReadOnlyList<string> tags) : Flight(name, tags)
{
    private readonly TaskCompletionSource<CacheEntry<T>> answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CacheEntry<T>> Entry => answer.Task;

    protected override bool IsAnswered => answer.Task.IsCompleted;

    /// <summary>Gives everybody an entry. The flight may go on, to store something newer.</summary>
    /// <returns><see langword="false"/> when they have one.</returns>
    public bool Answer(CacheEntry<T> entry) => answer.TrySetResult(entry);

    /// <summary>Gives everybody the reason why there is none.</summary>
    /// <returns><see langword="false"/> when they have an entry.</returns>
    public bool Fail(Exception exception)
    {
        if (!(exception is OperationCanceledException ? answer.TrySetCanceled() : answer.TrySetException(exception)))
        {
            return false;
        }

        // All callers may have left before.
        _ = answer.Task.Exception;
        return true;
    }
}
