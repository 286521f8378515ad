namespace Mirai.Platform.Payments;

/// <summary>Stripe does not answer, answers with an error of its own, or cannot be asked because a setting is missing:
/// trying again later helps. The message names the setting.</summary>
public sealed class StripeUnavailableException : Exception
{
    /// <summary>An outage.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public StripeUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
