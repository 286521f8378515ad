using NUnit.Framework;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>A test that has a Redis to itself. The Redis is empty when the test begins.</summary>
public abstract class RedisTest
{
    /// <summary>The database of the test.</summary>
    protected static IDatabase Redis => TestRedis.Connection.GetDatabase();

    /// <summary>The address of the Redis.</summary>
    protected static string RedisUrl => TestRedis.Url;

    [SetUp]
    public Task EmptyRedisAsync() => TestRedis.EmptyAsync();
}
