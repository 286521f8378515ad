namespace Mirai.Cache.Hosting;

/// <summary>The connection of the cache: its own, the application's, or one shared by address.</summary>
internal sealed record CacheConnection(RedisConnection Connection);
