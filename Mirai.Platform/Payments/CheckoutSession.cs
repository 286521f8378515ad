using System.Text.RegularExpressions;

namespace Mirai.Platform.Payments;

/// <summary>The parts of Stripe's checkout session that Mirai uses.</summary>
internal sealed record CheckoutSession
{
    /// <summary>The longest id, in characters, by Stripe's documentation.</summary>
    public const int MaxIdLength = 255;

    public required string Id { get; init; }

    /// <summary>The <c>client_reference_id</c> of the session, when it is the id of a registration.</summary>
    public Guid? RegistrationId { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Why the session is not paid; <see langword="null"/> when it is paid.</summary>
    public string? WhyUnpaid { get; init; }

    public static Guid? ToRegistrationId(string? clientReferenceId) =>
        Guid.TryParse(clientReferenceId, out var id) ? id : null;
}

/// <summary>Hides the ids of checkout sessions, which are sensitive: whoever has an id can open the page of the
/// session. Logs and messages contain the last four characters, which are enough to find the session in the
/// database.</summary>
internal static partial class SessionIds
{
    private const int Shown = 4;

    // A shorter id is hidden as a whole.
    private const int Long = 16;

    /// <summary>Replaces every id in a text.</summary>
    public static string Hide(string text) => Id().Replace(
        text, id => id.Length < Long ? "cs_…" : $"cs_…{id.Value[^Shown..]}");

    [GeneratedRegex(@"\bcs_\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
