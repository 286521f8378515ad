namespace Mirai.Queue.Store;

/// <summary>What the crash watch asks Redis. The legacy layout has no leases, and does not implement this.</summary>
internal interface ICrashStore
{
    /// <summary>The keys of all listed servers, Go's included, each with a number that changes with every
    /// heartbeat.</summary>
    Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync();

    /// <summary>Whether the record of a server exists. Redis deletes it 10 s after the last heartbeat.</summary>
    Task<bool> HasRecordAsync(string server);

    /// <summary>Removes a dead server from the list.</summary>
    Task UnlistAsync(string server);

    /// <summary>The leases of a queue that end first.</summary>
    Task<IReadOnlyList<SeenLease>> ListLeasesAsync(string queue, int count);

    /// <summary>The tasks among <paramref name="taskIds"/> that a server publishes as running.</summary>
    Task<IReadOnlyList<string>> FindPublishedAsync(string server, IReadOnlyList<string> taskIds);

    /// <summary>Counts a death of their worker for each task, and requeues those with fewer than
    /// <paramref name="crashLimit"/> deaths: at once after the first, one after the other after more. A task whose lease
    /// is no longer as it was seen does not change.</summary>
    Task<HandOver> HandOverAsync(string queue, IReadOnlyList<SeenLease> leases, int crashLimit);
}

/// <summary>The heartbeat of a server, as the list of servers tells it.</summary>
/// <param name="Server">The key of the server's record.</param>
/// <param name="Beat">When the record expires by the server's own clock; it changes with every heartbeat.</param>
internal readonly record struct Heartbeat(string Server, double Beat);

/// <summary>A lease as an observer saw it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Score">The score of the lease.</param>
internal readonly record struct SeenLease(string TaskId, double Score);

/// <summary>What became of the tasks of a dead worker.</summary>
/// <param name="Requeued">How many were requeued.</param>
/// <param name="OverLimit">Those that were not, because their worker died too often while it ran them.</param>
internal sealed record HandOver(int Requeued, IReadOnlyList<CrashedTask> OverLimit);

/// <summary>A task whose workers died too often.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Message">The stored message; <see langword="null"/> when the bytes are no message.</param>
/// <param name="Deaths">How many workers died while they ran it.</param>
internal sealed record CrashedTask(string TaskId, Wire.TaskMessage? Message, int Deaths);
