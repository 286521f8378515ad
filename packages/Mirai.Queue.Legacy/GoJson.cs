using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mirai.Queue.Legacy;

/// <summary>JSON as Go's encoder writes it, byte for byte: a Go worker takes a task out of <c>asynq:in_progress</c> by
/// the value it gets when it encodes the message again.</summary>
/// <remarks>No white space; members sorted by the bytes of their names; numbers as they were written; <c>&lt;</c>,
/// <c>&gt;</c>, <c>&amp;</c>, U+2028 and U+2029 escaped, all else raw. Backspace and form feed are written as before
/// Go 1.22.</remarks>
internal static class GoJson
{
    /// <summary>How deeply messages may be nested: what Redis' own decoder reads.</summary>
    public const int MostNested = 1_000;

    /// <summary>The order of Go: that of the bytes in UTF-8. UTF-16 sorts otherwise beyond U+FFFF.</summary>
    public static readonly Comparer<string> ByBytes = Comparer<string>.Create(
        (one, other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)));

    /// <summary>The members of an object in the order in which they are written.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement value)
    {
        var last = new SortedDictionary<string, JsonProperty>(ByBytes);
        foreach (var member in value.EnumerateObject())
        {
            last[member.Name] = member; // of two with the same name, the last counts
        }

        return last.Values;
    }

    /// <summary>Appends any value.</summary>
    /// <exception cref="InvalidOperationException">A string is not valid Unicode.</exception>
    public static void Append(StringBuilder json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: AppendObject(json, value); break;
            case JsonValueKind.Array: AppendArray(json, value); break;
            case JsonValueKind.String: Append(json, value.GetString()!); break;
            default: json.Append(value.GetRawText()); break;
        }
    }

    /// <summary>Appends a string with its quotes.</summary>
    public static void Append(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '"' or '\\': json.Append('\\').Append(letter); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    json.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
                    break;
                default: json.Append(letter); break;
            }
        }

        json.Append('"');
    }

    private static void AppendObject(StringBuilder json, JsonElement value)
    {
        var separator = '{';
        foreach (var member in Members(value))
        {
            json.Append(separator);
            Append(json, member.Name);
            json.Append(':');
            Append(json, member.Value);
            separator = ',';
        }

        json.Append(separator == '{' ? "{}" : "}");
    }

    private static void AppendArray(StringBuilder json, JsonElement value)
    {
        var separator = '[';
        foreach (var item in value.EnumerateArray())
        {
            json.Append(separator);
            Append(json, item);
            separator = ',';
        }

        json.Append(separator == '[' ? "[]" : "]");
    }
}
