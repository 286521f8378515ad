using System.Globalization;

namespace Mirai.Platform.Generation;

/// <summary>The model's endpoint asks for a pause. That is no failure of the task.</summary>
public sealed class ModelBusyException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="retryAfter">The pause that the endpoint asks for.</param>
    /// <param name="innerException">The cause.</param>
    public ModelBusyException(TimeSpan retryAfter, Exception? innerException = null)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"The model is busy for {retryAfter.TotalSeconds:0.#} s."),
            innerException) => RetryAfter = retryAfter;

    /// <summary>The pause that the endpoint asks for.</summary>
    public TimeSpan RetryAfter { get; }
}

/// <summary>The model did not answer, or its answer is not valid. A later attempt may succeed.</summary>
public sealed class ModelFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, in words for operators; contains no secret.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The model refuses the request, and trying again does not help: the key or the name is wrong, or the model
/// does not accept the request.</summary>
public sealed class ModelRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, in words for operators; contains no secret.</param>
    /// <param name="innerException">The cause.</param>
    public ModelRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
