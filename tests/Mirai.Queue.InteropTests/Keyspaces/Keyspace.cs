using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>All keys of a database at one moment.</summary>
internal sealed class Keyspace(IEnumerable<StoredKey> keys)
{
    public static readonly Keyspace Empty = new([]);

    public IReadOnlyList<StoredKey> Keys { get; } = [.. keys.OrderBy(key => key.Name, StringComparer.Ordinal)];

    /// <summary>Keys in the format of the golden data, which is also that of the driver's snapshot.</summary>
    public static Keyspace Parse(IEnumerable<JsonNode?> keys) => new(keys.Select(key => ParseKey(key!)));

    public StoredKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    private static StoredKey ParseKey(JsonNode key) => new(
        (string)key["key"]!,
        Enum.Parse<StoredType>((string)key["type"]!, ignoreCase: true),
        key["value"] is JsonArray elements
            ? [.. elements.Select(element => ParseValue(element!))]
            : [ParseValue(key["value"]!)],
        (long?)key["expires_at_unix_ms"]);

    private static StoredValue ParseValue(JsonNode value) => new(
        Convert.FromBase64String((string)value["base64"]!), (string?)value["field"], (double?)value["score"]);
}
