using System.Text.Json;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace Mirai.Benchmarks.Cache;

/// <summary>System.Text.Json with the same generated code for both.</summary>
internal sealed class ArticleSerializer : IFusionCacheSerializer
{
    private static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = FusionJsonContext.Default };

    public byte[] Serialize<T>(T? obj) => JsonSerializer.SerializeToUtf8Bytes(obj, Options);

    public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize<T>(data, Options);

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) =>
        new(Deserialize<T>(data));
}
