using System.Net.Mail;

namespace Mirai.Platform.Registrations;

/// <summary>Who wants an account.</summary>
/// <param name="Email">Where to reach them; see <see cref="IsEmail"/>.</param>
/// <param name="Name">What to call them; see <see cref="IsName"/>.</param>
public sealed record NewRegistration(string Email, string Name)
{
    /// <summary>The longest address, in UTF-16 code units.</summary>
    public const int MaxEmailLength = 254;

    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Whether a text is one e-mail address, such as <c>ann@example.org</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is, without a display name, and not too long.</returns>
    public static bool IsEmail(string? text) =>
        text?.Length <= MaxEmailLength && !text.Any(char.IsControl)
        && MailAddress.TryCreate(text, out var address) && address.Address == text;

    /// <summary>Whether a text can be a name.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is not blank, short enough, and without control characters.</returns>
    public static bool IsName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxNameLength && !text.Any(char.IsControl);
}
