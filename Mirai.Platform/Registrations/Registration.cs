using System.Net.Mail;

namespace Mirai.Platform.Registrations;

/// <summary>A person who wants an account, or has one.</summary>
public sealed record Registration
{
    /// <summary>The id, which the checkout carries as its <c>client_reference_id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>The name of the person.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the registration is paid and has its account.</summary>
    public required RegistrationState State { get; init; }

    /// <summary>When the registration was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an unpaid registration expires; without meaning once it is paid.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The account; <see langword="null"/> unless the registration is completed.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Where to pay; <see langword="null"/> when no payment link is configured, and when the registration is
    /// paid.</summary>
    public Uri? PaymentUrl { get; init; }
}

/// <summary>Whether a registration is paid and has its account.</summary>
public enum RegistrationState
{
    /// <summary>The registration is not paid. It is deleted some time after it expires.</summary>
    Pending,

    /// <summary>Stripe reported the payment; the account is being set up.</summary>
    Paid,

    /// <summary>The registration has its account.</summary>
    Completed,
}

/// <summary>A request for an account.</summary>
/// <param name="Email">The e-mail address; see <see cref="IsEmail"/>.</param>
/// <param name="Name">The name of the person; see <see cref="IsName"/>.</param>
public sealed record NewRegistration(string Email, string Name)
{
    /// <summary>The longest address, in UTF-16 code units.</summary>
    public const int MaxEmailLength = 254;

    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Whether a text is one e-mail address, such as <c>ann@example.org</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether the text is an address without a display name, and not too long.</returns>
    public static bool IsEmail(string? text) =>
        text?.Length <= MaxEmailLength && !text.Any(char.IsControl)
        && MailAddress.TryCreate(text, out var address) && address.Address == text;

    /// <summary>Whether a text can be a name.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether the text is not blank, not too long, and without control characters.</returns>
    public static bool IsName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxNameLength && !text.Any(char.IsControl);
}
