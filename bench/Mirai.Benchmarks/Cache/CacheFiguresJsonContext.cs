using System.Text.Json.Serialization;

namespace Mirai.Benchmarks.Cache;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<CacheFigures>))]
internal sealed partial class CacheFiguresJsonContext : JsonSerializerContext;
