namespace Mirai.Platform.Generation;

/// <summary>Where a job stands.</summary>
public enum GenerationState
{
    /// <summary>It waits: for its documents to be read, and for the poll.</summary>
    Queued = 0,

    /// <summary>Its task is in the queue.</summary>
    Enqueued = 1,

    /// <summary>A worker is at it, or was until it died.</summary>
    Running = 2,

    /// <summary>It is done.</summary>
    Succeeded = 3,

    /// <summary>It will not be done; the reason is with it.</summary>
    Failed = 4,

    /// <summary>Nobody wants it any more.</summary>
    Cancelled = 5,
}
