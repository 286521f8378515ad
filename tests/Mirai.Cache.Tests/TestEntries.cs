using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Tests;

internal sealed record Price(string Currency, decimal Amount);

/// <summary>An entry that Go and TypeScript services write as well.</summary>
internal sealed record Course(string Id, string Title)
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Price))]
[JsonSerializable(typeof(Course))]
[JsonSerializable(typeof(IReadOnlyList<Course>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TestJsonContext : JsonSerializerContext;
