namespace Mirai.Platform.Payments;

/// <summary>What became of a checkout session.</summary>
internal enum CheckoutState
{
    /// <summary>Its task is decided upon, and has not ended yet.</summary>
    Queued,

    /// <summary>It has its account.</summary>
    Provisioned,

    /// <summary>Stripe does not know it, or it is not paid: only news from Stripe changes that.</summary>
    Refused,

    /// <summary>Its task used up its retries: the next <see cref="StripeReconcile"/> tries again.</summary>
    Exhausted,
}
