namespace Mirai.Platform.Registrations;

/// <summary>Somebody who wants an account, or has it.</summary>
public sealed record Registration
{
    /// <summary>The id, which the checkout carries as its <c>client_reference_id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where to reach them.</summary>
    public required string Email { get; init; }

    /// <summary>What to call them.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required RegistrationState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be paid; without a meaning once it is.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its account; <see langword="null"/> unless it is completed.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Where to pay; <see langword="null"/> when no payment link is configured, and when it is
    /// paid.</summary>
    public Uri? PaymentUrl { get; init; }
}
