namespace Mirai.Platform.Generation;

/// <summary>The model does not do what it is asked, and will not when it is asked again: a wrong key, a wrong name, a
/// question it does not take.</summary>
public sealed class ModelRefusedException : Exception
{
    /// <summary>What went wrong.</summary>
    /// <param name="message">In words for whoever runs the platform; names no secret.</param>
    /// <param name="innerException">The cause.</param>
    public ModelRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
