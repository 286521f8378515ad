using Mirai.Platform.Payments;

namespace Mirai.Platform.Database;

/// <summary>What became of a checkout session of which Stripe said that it is paid.</summary>
internal sealed class CheckoutRow
{
    public required string SessionId { get; init; }

    public required CheckoutState State { get; set; }

    /// <summary>Why there is no account.</summary>
    public string? Reason { get; set; }

    /// <summary>The task that provisions it, or did.</summary>
    public required Guid? TaskId { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}
