using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mirai.Queue.Legacy;

/// <summary>Names of uniqueness locks: <c>&lt;type&gt;:&lt;payload text&gt;:&lt;queue&gt;</c>, without a prefix. The
/// text is what Go prints of the payload's values, so that producers of both languages take the same lock.</summary>
/// <remarks>A number without fraction and exponent is printed as Go prints an integer, any other as a float64: JSON
/// does not say which of the two a Go producer had.</remarks>
internal static class LegacyUniqueKey
{
    // From here on, and below -4, Go's %v turns to the form with an exponent.
    private const int FirstLargeExponent = 6;
    private const int LeastExponent = -4;

    /// <param name="queue">The queue.</param>
    /// <param name="type">The task type.</param>
    /// <param name="payload">The text of the payload object; <see langword="null"/> when there is none.</param>
    public static string For(string queue, string type, string? payload) =>
        $"{type}:{TextOf(payload)}:{queue.ToLowerInvariant()}";

    private static string TextOf(string? payload)
    {
        if (payload is null)
        {
            return "nil";
        }

        using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = GoJson.MostNested });
        var text = new StringBuilder();
        foreach (var member in GoJson.Members(document.RootElement))
        {
            text.Append(text.Length == 0 ? "" : ",").Append(member.Name).Append('=');
            Append(text, member.Value);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: AppendMap(text, value); break;
            case JsonValueKind.Array: AppendList(text, value); break;
            case JsonValueKind.String: text.Append(value.GetString()); break;
            case JsonValueKind.Number: text.Append(Number(value.GetRawText())); break;
            case JsonValueKind.Null: text.Append("<nil>"); break;
            default: text.Append(value.GetRawText()); break;
        }
    }

    private static void AppendMap(StringBuilder text, JsonElement value)
    {
        var separator = "map[";
        foreach (var member in GoJson.Members(value))
        {
            text.Append(separator).Append(member.Name).Append(':');
            Append(text, member.Value);
            separator = " ";
        }

        text.Append(separator == " " ? "]" : "map[]");
    }

    private static void AppendList(StringBuilder text, JsonElement value)
    {
        var separator = "[";
        foreach (var item in value.EnumerateArray())
        {
            text.Append(separator);
            Append(text, item);
            separator = " ";
        }

        text.Append(separator == " " ? "]" : "[]");
    }

    private static string Number(string token) => token.AsSpan().IndexOfAny('.', 'e', 'E') < 0
        ? token
        : Float(double.Parse(token, CultureInfo.InvariantCulture));

    // Go's shortest form: the digits that .NET finds too, placed otherwise.
    private static string Float(double value)
    {
        if (value == 0 || double.IsInfinity(value))
        {
            return value == 0 ? (double.IsNegative(value) ? "-0" : "0") : value > 0 ? "+Inf" : "-Inf";
        }

        var shortest = Enumerable.Range(0, 17)
            .Select(digits => value.ToString($"E{digits}", CultureInfo.InvariantCulture))
            .First(candidate => double.Parse(candidate, CultureInfo.InvariantCulture) == value);
        var split = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest[(split + 1)..], CultureInfo.InvariantCulture);

        return exponent is < LeastExponent or >= FirstLargeExponent
            ? $"{shortest[..split]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"
            : value.ToString("0.####################", CultureInfo.InvariantCulture);
    }
}
