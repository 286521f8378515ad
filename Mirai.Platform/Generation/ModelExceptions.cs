using System.Globalization;

namespace Mirai.Platform.Generation;

/// <summary>The model's endpoint asks to come again later. That is no failure of the task.</summary>
public sealed class ModelBusyException : Exception
{
    /// <summary>Later.</summary>
    /// <param name="retryAfter">How long the endpoint asks to be left alone.</param>
    /// <param name="innerException">The cause.</param>
    public ModelBusyException(TimeSpan retryAfter, Exception? innerException = null)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"The model is busy for {retryAfter.TotalSeconds:0.#} s."),
            innerException) => RetryAfter = retryAfter;

    /// <summary>How long the endpoint asks to be left alone.</summary>
    public TimeSpan RetryAfter { get; }
}

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
