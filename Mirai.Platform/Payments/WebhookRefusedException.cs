namespace Mirai.Platform.Payments;

/// <summary>Something that claims to be an event of Stripe's is not trusted, or is no event. The message says why and
/// repeats nothing of it.</summary>
public sealed class WebhookRefusedException : Exception
{
    /// <summary>An event that is not taken.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public WebhookRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
