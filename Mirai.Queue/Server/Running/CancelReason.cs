namespace Mirai.Queue.Server.Running;

/// <summary>Why an attempt was told to stop.</summary>
internal enum CancelReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Its timeout or deadline is over.</summary>
    Deadline,

    /// <summary>Somebody cancelled the task.</summary>
    Canceled,

    /// <summary>The lease could not be renewed in time: nobody may know yet, but the task is free to take.</summary>
    LeaseExpired,

    /// <summary>The lease was written by somebody else: the task is theirs.</summary>
    LeaseLost,

    /// <summary>The server stops and its shutdown timeout is over.</summary>
    Shutdown,
}
