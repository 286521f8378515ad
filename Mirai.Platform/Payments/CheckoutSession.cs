namespace Mirai.Platform.Payments;

/// <summary>What Mirai wants to know of a checkout session.</summary>
internal sealed record CheckoutSession
{
    /// <summary>The longest id, in characters: Stripe says that ids have at most 255.</summary>
    public const int MaxIdLength = 255;

    public required string Id { get; init; }

    /// <summary>Its <c>client_reference_id</c>, when that is one of ours.</summary>
    public Guid? RegistrationId { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Why it is not paid; <see langword="null"/> when it is.</summary>
    public string? WhyUnpaid { get; init; }

    public static Guid? ToRegistrationId(string? clientReferenceId) =>
        Guid.TryParse(clientReferenceId, out var id) ? id : null;
}
