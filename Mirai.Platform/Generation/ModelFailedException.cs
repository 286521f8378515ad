namespace Mirai.Platform.Generation;

/// <summary>The model did not answer, or not with what it was asked for. Asking again later may help.</summary>
public sealed class ModelFailedException : Exception
{
    /// <summary>What went wrong.</summary>
    /// <param name="message">In words for whoever runs the platform; names no secret.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
