using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests;

/// <summary>What holds for every queue at every moment (docs/wire.md, "Invariants"). Reads the whole
/// keyspace.</summary>
internal static class QueueInvariants
{
    private static readonly string[] Containers = ["pending", "active", "scheduled", "retry", "archived", "completed"];

    /// <summary>What is wrong, one line each; empty when all is well.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(IDatabase database)
    {
        var keys = await RedisDump.KeysAsync(database);
        var queues = keys.Where(key => key.StartsWith("asynq:{", StringComparison.Ordinal))
            .Select(key => key[7..key.IndexOf('}', StringComparison.Ordinal)]).Distinct();
        var faults = new List<string>();
        foreach (var queue in queues)
        {
            faults.AddRange(await CheckAsync(database, queue, keys));
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> CheckAsync(IDatabase database, string queue, string[] keys)
    {
        var prefix = $"asynq:{{{queue}}}:";
        var places = new Dictionary<string, List<string>>();
        foreach (var container in Containers)
        {
            await CollectAsync(database, prefix + container, container, places);
        }

        foreach (var group in keys.Where(key => key.StartsWith(prefix + "g:", StringComparison.Ordinal)))
        {
            await CollectAsync(database, group, "aggregating", places);
        }

        var faults = new List<string>();
        foreach (var key in keys.Where(key => key.StartsWith(prefix + "t:", StringComparison.Ordinal)))
        {
            await CheckTaskAsync(database, key, key[(prefix.Length + 2)..], places, faults);
        }

        faults.AddRange(places.Where(place => !keys.Contains($"{prefix}t:{place.Key}"))
            .Select(place => $"{queue}: {place.Key} is in {string.Join(" and ", place.Value)}, but its hash is gone"));
        await CheckLeasesAsync(database, queue, prefix, places, faults);

        return faults;
    }

    private static async Task CheckTaskAsync(
        IDatabase database, string key, string id, Dictionary<string, List<string>> places, List<string> faults)
    {
        var state = (string?)await database.HashGetAsync(key, "state");
        var containers = places.GetValueOrDefault(id, []);
        if (containers.Count != 1 || containers[0] != state)
        {
            faults.Add($"{key}: its state is {state}, it is in [{string.Join(", ", containers)}]");
        }

        if (!await database.HashExistsAsync(key, "msg"))
        {
            faults.Add($"{key}: has no message");
        }

        // The inspector archives a task as it is, as Asynq does.
        if (state is not ("pending" or "archived") && await database.HashExistsAsync(key, "pending_since"))
        {
            faults.Add($"{key}: is {state} and has pending_since");
        }
    }

    private static async Task CheckLeasesAsync(
        IDatabase database, string queue, string prefix, Dictionary<string, List<string>> places, List<string> faults)
    {
        var leases = (await database.SortedSetRangeByRankAsync($"{prefix}lease"))
            .Select(id => id.ToString()).ToHashSet();
        var active = places.Where(place => place.Value.Contains("active")).Select(place => place.Key).ToHashSet();
        leases.SymmetricExceptWith(active);
        faults.AddRange(leases.Select(id => $"{queue}: {id} is in only one of active and lease"));
    }

    private static async Task CollectAsync(
        IDatabase database, string key, string container, Dictionary<string, List<string>> places)
    {
        var ids = await database.KeyTypeAsync(key) switch
        {
            RedisType.List => await database.ListRangeAsync(key),
            RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
            _ => [],
        };
        foreach (var id in ids)
        {
            if (!places.TryGetValue(id.ToString(), out var list))
            {
                places[id.ToString()] = list = [];
            }

            list.Add(container);
        }
    }
}
