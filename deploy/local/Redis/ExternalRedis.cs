namespace Mirai.Local.Redis;

/// <summary>A Redis somebody else runs.</summary>
public sealed class ExternalRedis(string url, string source) : IRedisServer
{
    public string Url { get; } = url;

    /// <summary>The address itself is not repeated: it may hold a password.</summary>
    public string Description { get; } = $"the Redis that {source} names";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
