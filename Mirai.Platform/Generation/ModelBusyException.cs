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
