using Mirai.Local.Redis;
using Testcontainers.Redis;

namespace Mirai.Testing;

/// <summary>A Redis in a container.</summary>
internal sealed class RedisContainerServer(RedisContainer container, string image) : IRedisServer
{
    public string Url => container.GetConnectionString();

    public string Description => $"{image} in a container, {Url}";

    public ValueTask DisposeAsync() => container.DisposeAsync();
}
