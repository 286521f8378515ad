namespace Mirai.Platform.Documents;

/// <summary>A document cannot be read, and will not be by trying again. The message says why, in words for whoever
/// sent it.</summary>
public sealed class DocumentUnreadableException : Exception
{
    /// <summary>A document that cannot be read.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public DocumentUnreadableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
