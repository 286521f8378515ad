using System.Text.Json.Serialization;

namespace Mirai.Cache.Tests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Price))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TestJsonContext : JsonSerializerContext;
