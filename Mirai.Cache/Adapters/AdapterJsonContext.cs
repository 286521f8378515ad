using System.Text.Json.Serialization;

namespace Mirai.Cache.Adapters;

/// <summary>What the adapters store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DistributedValue))]
internal sealed partial class AdapterJsonContext : JsonSerializerContext;
