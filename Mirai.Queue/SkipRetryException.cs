namespace Mirai.Queue;

/// <summary>Thrown by a handler: the task failed and must not be tried again. It is archived with the message as its
/// last error.</summary>
/// <remarks>Found anywhere in the chain of inner exceptions.</remarks>
public sealed class SkipRetryException : Exception
{
    /// <summary>Ends the task with a reason.</summary>
    /// <param name="message">Why; stored with the task.</param>
    /// <param name="innerException">The cause.</param>
    public SkipRetryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
