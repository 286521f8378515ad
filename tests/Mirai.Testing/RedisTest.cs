using NUnit.Framework;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>A test that has Redis to itself: it is empty when the test begins.</summary>
[NonParallelizable]
public abstract class RedisTest
{
    /// <summary>The database of the test.</summary>
    protected static IDatabase Redis => RedisSetUpFixture.Connection.GetDatabase();

    /// <summary>The address of the Redis.</summary>
    protected static string RedisUrl => RedisSetUpFixture.Url;

    [SetUp]
    public Task EmptyRedisAsync() => Task.WhenAll(
        RedisSetUpFixture.Primaries.Select(primary => primary.ExecuteAsync(Redis.Database, "FLUSHDB", [])));
}
