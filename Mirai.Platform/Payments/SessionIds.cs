using System.Text.RegularExpressions;

namespace Mirai.Platform.Payments;

/// <summary>Ids of checkout sessions, which are sensitive: who has one can look at the session's page. Texts that
/// people and programs read have the last four characters, enough to find it in the database.</summary>
internal static partial class SessionIds
{
    private const int Shown = 4;

    // A shorter one has nothing to hide the rest behind.
    private const int Long = 16;

    /// <summary>A text with its ids hidden.</summary>
    public static string Hide(string text) => Id().Replace(
        text, id => id.Length < Long ? "cs_…" : $"cs_…{id.Value[^Shown..]}");

    [GeneratedRegex(@"\bcs_\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
