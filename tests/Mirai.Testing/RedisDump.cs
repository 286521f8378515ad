using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>Reads a whole database as text that a test can compare.</summary>
public static class RedisDump
{
    /// <summary>Lists the names of all keys, sorted.</summary>
    public static async Task<string[]> KeysAsync(IDatabase database)
    {
        var keys = new List<string>();
        foreach (var server in database.Multiplexer.GetServers()
            .Where(candidate => candidate is { IsConnected: true, IsReplica: false }))
        {
            await foreach (var key in server.KeysAsync(database.Database, pageSize: 1000))
            {
                keys.Add(key.ToString());
            }
        }

        keys.Sort(StringComparer.Ordinal);
        return [.. keys];
    }

    /// <summary>Lists every key with its type and value, one line for each key, sorted.</summary>
    public static async Task<string[]> AllAsync(IDatabase database)
    {
        var lines = new List<string>();
        foreach (var key in await KeysAsync(database))
        {
            var type = await database.KeyTypeAsync(key);
            lines.Add($"{key} {type} {await ValueAsync(database, key, type)}");
        }

        return [.. lines];
    }

    private static async Task<string> ValueAsync(IDatabase database, string key, RedisType type) => type switch
    {
        RedisType.String => Text(await database.StringGetAsync(key)),
        RedisType.List => string.Join(", ", (await database.ListRangeAsync(key)).Select(Text)),
        RedisType.Set => string.Join(
            ", ", (await database.SetMembersAsync(key)).Select(Text).Order(StringComparer.Ordinal)),
        RedisType.SortedSet => string.Join(
            ", ", (await database.SortedSetRangeByRankWithScoresAsync(key))
                .Select(entry => $"{Text(entry.Element)}={entry.Score:R}")),
        RedisType.Hash => string.Join(
            ", ", (await database.HashGetAllAsync(key)).Select(field => $"{Text(field.Name)}={Text(field.Value)}")
                .Order(StringComparer.Ordinal)),
        _ => "",
    };

    // A binary value, such as a message, becomes hexadecimal digits.
    private static string Text(RedisValue value) => Convert.ToHexStringLower((byte[])value!) is var hex
        && value.ToString() is var text && text.All(letter => letter is >= ' ' and <= '~') ? text : $"0x{hex}";
}
