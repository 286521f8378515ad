namespace Mirai.Platform.Payments;

/// <summary>A session will not become an account by trying again: Stripe does not know it, or it is not paid. The
/// message says why.</summary>
public sealed class PaymentRefusedException : Exception
{
    /// <summary>A session that is not provisioned.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public PaymentRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
