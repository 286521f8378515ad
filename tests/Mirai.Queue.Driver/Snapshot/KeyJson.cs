using System.Text.Json.Nodes;
using Google.Protobuf;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Snapshot;

/// <summary>One key in the format of the golden data.</summary>
internal static class KeyJson
{
    /// <summary>Reads a key.</summary>
    /// <returns><see langword="null"/> when it is gone meanwhile.</returns>
    public static async Task<JsonObject?> ReadAsync(IDatabase database, RedisKey key)
    {
        var type = await database.KeyTypeAsync(key);
        if (type == RedisType.None)
        {
            return null;
        }

        var json = new JsonObject { ["key"] = key.ToString() };
        await AddExpiryAsync(json, database, key);
        json["type"] = type == RedisType.SortedSet ? "zset" : type.ToString().ToLowerInvariant();
        json["value"] = await ReadValueAsync(database, key, type);

        return json;
    }

    private static async Task AddExpiryAsync(JsonObject json, IDatabase database, RedisKey key)
    {
        var left = await database.KeyTimeToLiveAsync(key);
        if (left is not null && await ReadExpireTimeAsync(database, key) is { } at)
        {
            json["expires_at_unix_ms"] = new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeMilliseconds();
        }

        json["ttl_ms"] = left is { } time ? (long)time.TotalMilliseconds : null;
    }

    private static async Task<DateTime?> ReadExpireTimeAsync(IDatabase database, RedisKey key)
    {
        try
        {
            return await database.KeyExpireTimeAsync(key);
        }
        catch (RedisServerException)
        {
            return null; // the command came with Redis 7
        }
    }

    private static async Task<JsonNode?> ReadValueAsync(IDatabase database, RedisKey key, RedisType type)
    {
        var kind = ValueJson.KindOf(key.ToString());
        return type switch
        {
            RedisType.String => ValueJson.Create(await database.StringGetAsync(key), kind),
            RedisType.List => Array(await database.ListRangeAsync(key), value => ValueJson.Create(value, kind)),
            RedisType.Set => Array(Sorted(await database.SetMembersAsync(key)), value => ValueJson.Create(value)),
            RedisType.SortedSet => Array(
                await database.SortedSetRangeByRankWithScoresAsync(key), entry => Scored(entry, kind)),
            RedisType.Hash => Array(
                (await database.HashGetAllAsync(key)).OrderBy(entry => entry.Name.ToString(), StringComparer.Ordinal),
                entry => Named(entry, key.ToString())),
            _ => null, // nothing of a queue
        };
    }

    private static JsonArray Array<T>(IEnumerable<T> values, Func<T, JsonObject> toJson) =>
        new([.. values.Select(toJson)]);

    private static IEnumerable<RedisValue> Sorted(RedisValue[] values) =>
        values.OrderBy(value => value.ToString(), StringComparer.Ordinal);

    private static JsonObject Scored(SortedSetEntry entry, MessageParser? kind)
    {
        var json = ValueJson.Create(entry.Element, kind);
        json["score"] = entry.Score == Math.Truncate(entry.Score) && Math.Abs(entry.Score) < long.MaxValue
            ? JsonValue.Create((long)entry.Score)
            : JsonValue.Create(entry.Score);

        return json;
    }

    private static JsonObject Named(HashEntry entry, string key)
    {
        var field = entry.Name.ToString();
        var json = ValueJson.Create(entry.Value, ValueJson.KindOf(key, field));
        json["field"] = field;

        return json;
    }
}
