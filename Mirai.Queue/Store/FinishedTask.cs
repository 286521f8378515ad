namespace Mirai.Queue.Store;

/// <summary>What is to be written back about one task.</summary>
/// <param name="Lease">Proves that the task is still this worker's.</param>
/// <param name="Outcome">Where it goes.</param>
/// <param name="Message">Its message if that changed, else empty.</param>
/// <param name="Score">Due time, time archived or time to delete it, in Unix seconds.</param>
/// <param name="ReleasedLock">The uniqueness lock to give back, or <see langword="null"/>.</param>
internal sealed record FinishedTask(
    TaskLease Lease,
    TaskOutcome Outcome,
    ReadOnlyMemory<byte> Message = default,
    long Score = 0,
    string? ReleasedLock = null);
