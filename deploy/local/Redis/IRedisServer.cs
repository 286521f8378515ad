namespace Mirai.Local.Redis;

/// <summary>A Redis to work with; disposing it stops it if it was started here.</summary>
public interface IRedisServer : IAsyncDisposable
{
    /// <summary>Where it is, as <c>REDIS_URL</c> takes it.</summary>
    string Url { get; }

    /// <summary>What it is, in one line for people.</summary>
    string Description { get; }
}
