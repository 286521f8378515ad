namespace Mirai.Local.Redis;

/// <summary>A Redis to work with. Disposal stops a server that this process has started.</summary>
public interface IRedisServer : IAsyncDisposable
{
    /// <summary>The address, as <c>REDIS_URL</c> takes it.</summary>
    string Url { get; }

    /// <summary>A description of the server in one line.</summary>
    string Description { get; }
}

/// <summary>A Redis that another program runs.</summary>
public sealed class ExternalRedis(string url, string source) : IRedisServer
{
    public string Url { get; } = url;

    /// <summary>The description does not contain the address, which may hold a password.</summary>
    public string Description { get; } = $"the Redis that {source} names";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
