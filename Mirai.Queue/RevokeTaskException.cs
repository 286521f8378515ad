namespace Mirai.Queue;

/// <summary>Thrown by a handler: the task is not to be done at all. It is deleted, counts as processed and not as
/// failed, and is kept neither in the archive nor for its retention.</summary>
/// <remarks>Found anywhere in the chain of inner exceptions.</remarks>
public sealed class RevokeTaskException : Exception
{
    /// <summary>Revokes the task.</summary>
    /// <param name="message">Why; goes to the log only.</param>
    /// <param name="innerException">The cause.</param>
    public RevokeTaskException(
        string message = "The task was revoked by its handler.", Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
