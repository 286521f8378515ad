using System.Globalization;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>How two keyspaces differ, in lines for people.</summary>
internal static class FactDiff
{
    /// <summary>The differences; none when Mirai left what Go left.</summary>
    public static IReadOnlyList<string> Of(
        IReadOnlyDictionary<string, string> go, IReadOnlyDictionary<string, string> mirai)
    {
        var paths = go.Keys.Union(mirai.Keys).Order(StringComparer.Ordinal);
        return
        [
            .. from path in paths
               let expected = go.GetValueOrDefault(path)
               let actual = mirai.GetValueOrDefault(path)
               where expected != actual && !IsRoundedUp(path, expected, actual)
               select $"{path}: Go {Show(expected)}, Mirai {Show(actual)}",
        ];
    }

    // A due time between two seconds: Go cuts the fraction, so that a task starts early; Mirai rounds up.
    private static bool IsRoundedUp(string path, string? go, string? mirai) =>
        (path.Contains(":retry (zset) ", StringComparison.Ordinal)
            || path.Contains(":scheduled (zset) ", StringComparison.Ordinal))
        && long.TryParse(go, CultureInfo.InvariantCulture, out var cut)
        && mirai == (cut + 1).ToString(CultureInfo.InvariantCulture);

    private static string Show(string? text) => text is null ? "has none" : $"has '{text}'";
}
