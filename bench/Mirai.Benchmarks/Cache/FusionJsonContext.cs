using System.Text.Json.Serialization;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace Mirai.Benchmarks.Cache;

/// <summary>FusionCache stores an envelope of its own around the data.</summary>
[JsonSerializable(typeof(FusionCacheDistributedEntry<Article>))]
[JsonSerializable(typeof(FusionCacheDistributedEntry<long>))]
internal sealed partial class FusionJsonContext : JsonSerializerContext;
