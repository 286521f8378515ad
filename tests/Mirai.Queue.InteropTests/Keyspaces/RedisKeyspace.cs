using System.Globalization;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>Reads and writes all keys of the test's Redis by plain commands, none of them Mirai's.</summary>
internal static class RedisKeyspace
{
    public static async Task<Keyspace> ReadAsync(IDatabase redis)
    {
        var names = (RedisKey[])(await redis.ExecuteAsync("KEYS", "*"))!;
        var keys = new List<StoredKey>();
        foreach (var name in names)
        {
            keys.Add(await ReadKeyAsync(redis, name));
        }

        return new Keyspace(keys);
    }

    /// <summary>Puts exactly these keys into Redis.</summary>
    /// <param name="redis">The database; what it has is lost.</param>
    /// <param name="keyspace">The keys.</param>
    /// <param name="lifetime">How long a key has left that expires relative to the moment it was written;
    /// <see langword="null"/> for one that expires at a fixed time.</param>
    public static async Task WriteAsync(IDatabase redis, Keyspace keyspace, Func<StoredKey, TimeSpan?> lifetime)
    {
        await TestRedis.EmptyAsync();
        foreach (var key in keyspace.Keys)
        {
            await WriteValuesAsync(redis, key);
            if (key.ExpiresAt is { } at)
            {
                await (lifetime(key) is { } left
                    ? redis.KeyExpireAsync(key.Name, left)
                    : redis.KeyExpireAsync(key.Name, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime));
            }
        }
    }

    /// <summary>The clock by which keys expire, in Unix milliseconds.</summary>
    public static async Task<long> ReadClockAsync(IDatabase redis)
    {
        var time = (string[])(await redis.ExecuteAsync("TIME"))!;
        return (long.Parse(time[0], CultureInfo.InvariantCulture) * 1_000)
            + (long.Parse(time[1], CultureInfo.InvariantCulture) / 1_000);
    }

    private static async Task<StoredKey> ReadKeyAsync(IDatabase redis, RedisKey name)
    {
        var expiry = (long)await redis.ExecuteAsync("PEXPIRETIME", name);
        var type = Enum.Parse<StoredType>((await redis.ExecuteAsync("TYPE", name)).ToString(), ignoreCase: true);
        var values = await ReadValuesAsync(redis, name, type);

        return new StoredKey(name.ToString(), type, values, expiry < 0 ? null : expiry);
    }

    private static async Task<IReadOnlyList<StoredValue>> ReadValuesAsync(
        IDatabase redis, RedisKey name, StoredType type) =>
        type switch
        {
            StoredType.String => [new StoredValue((await redis.StringGetAsync(name))!)],
            StoredType.List => [.. (await redis.ListRangeAsync(name)).Select(value => new StoredValue(value!))],
            StoredType.Set => [.. (await redis.SetMembersAsync(name)).Select(value => new StoredValue(value!))],
            StoredType.ZSet =>
            [
                .. (await redis.SortedSetRangeByRankWithScoresAsync(name))
                    .Select(entry => new StoredValue(entry.Element!, Score: entry.Score)),
            ],
            _ =>
            [
                .. (await redis.HashGetAllAsync(name))
                    .Select(entry => new StoredValue(entry.Value!, entry.Name.ToString())),
            ],
        };

    private static Task WriteValuesAsync(IDatabase redis, StoredKey key) => key.Type switch
    {
        StoredType.String => redis.StringSetAsync(key.Name, key.Values[0].Bytes),
        StoredType.List => redis.ListRightPushAsync(key.Name, Bytes(key)),
        StoredType.Set => redis.SetAddAsync(key.Name, Bytes(key)),
        StoredType.ZSet => redis.SortedSetAddAsync(
            key.Name, [.. key.Values.Select(value => new SortedSetEntry(value.Bytes, value.Score!.Value))]),
        _ => redis.HashSetAsync(key.Name, [.. key.Values.Select(value => new HashEntry(value.Field, value.Bytes))]),
    };

    private static RedisValue[] Bytes(StoredKey key) => [.. key.Values.Select(value => (RedisValue)value.Bytes)];
}
