namespace Mirai.Queue.Driver.Work;

/// <summary>How a handler fails.</summary>
internal enum FailureKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>An ordinary error.</summary>
    Error,

    /// <summary>Throws what nobody foresaw.</summary>
    Panic,

    /// <summary>Wants no retry.</summary>
    SkipRetry,

    /// <summary>Wants the task to be gone.</summary>
    Revoke,

    /// <summary>An error that the server does not count as a failure.</summary>
    NotFailure,
}
