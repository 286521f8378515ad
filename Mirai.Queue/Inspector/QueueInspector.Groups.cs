using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // One call of the script reads the sizes of so many groups, in some tenths of a millisecond.
    private const int GroupsPerCall = 200;

    // The tasks of further groups are estimated: a queue with a million groups must not cost 5,000 round trips.
    private const int MostGroupsCounted = 2_000;

    // Each server has a handful of aggregation sets at a time. The tasks of further sets are estimated.
    private const int MostSetsCounted = 200;

    // A search with a filter looks at so many tasks of each aggregation set.
    private const int MostStagedMatched = 1_000;

    public async Task<Page<GroupInfo>> ListGroupsAsync(
        string queue, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var page = paging ?? Paging.Default;
        var first = page.First;
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var cursor = "0";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            (cursor, var groups) = await ReadGroupsAsync(database, queue, cursor, cancellationToken)
                .ConfigureAwait(false);
            foreach (var group in groups)
            {
                sizes[group.Group] = group.Size; // a scan may return a name twice
            }
        }
        while (cursor != "0");

        var staged = await ReadStagedAsync(database, queue, cancellationToken).ConfigureAwait(false);
        foreach (var (set, size) in staged.Sets)
        {
            sizes[set.Group] = sizes.GetValueOrDefault(set.Group) + size;
        }

        var entries = sizes.Skip((int)Math.Min(first, int.MaxValue)).Take(page.Size)
            .Select(size => new GroupInfo(size.Key, size.Value)).ToList();

        return new Page<GroupInfo>(entries, page.CursorAfter(entries.Count));
    }

    private static async Task<long> EstimateAggregatingAsync(
        IDatabase database, string queue, long groups, CancellationToken cancellationToken)
    {
        var (counted, tasks, cursor) = (0, 0L, "0");
        do
        {
            (cursor, var page) =
                await ReadGroupsAsync(database, queue, cursor, cancellationToken).ConfigureAwait(false);
            counted += page.Count;
            tasks += page.Sum(group => group.Size);
        }
        while (cursor != "0" && counted < MostGroupsCounted);

        return cursor == "0" || counted == 0 ? tasks : (long)((double)tasks / counted * Math.Max(groups, counted));
    }

    /// <summary>Reads which tasks are in aggregation sets.</summary>
    private static async Task<StagedSets> ReadStagedAsync(
        IDatabase database, string queue, CancellationToken cancellationToken)
    {
        using var reply = await LuaScripts.StagedSizes.RunAsync(
            database,
            keys: (RedisKey[])[QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).AggregationSets],
            arguments: (RedisValue[])[AggregationSet.AggregatedDeadline, MostSetsCounted])
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var reader = reply.Read();
        var sets = new List<(AggregationSet Set, long Size)>((reader.AggregateLength() - 1) / 2);
        var counted = sets.Capacity;
        reader.MoveNext();
        var total = reader.ReadInt64();
        for (var left = counted; left > 0; left--)
        {
            reader.MoveNext();
            var key = reader.ReadString()!;
            reader.MoveNext();
            if (AggregationSet.Parse(queue, key, deadline: 0) is { } set)
            {
                sets.Add((set, reader.ReadInt64()));
            }
        }

        return new StagedSets(sets, counted == 0 ? 1 : (double)total / counted);
    }

    /// <summary>Reads ids of a container by rank. The tasks of a group that are being aggregated are older than the
    /// group's other tasks, and come first.</summary>
    private static async Task<IReadOnlyList<StoredTask>> ReadListedIdsAsync(
        IDatabase database, TaskContainer container, long first, int count, CancellationToken cancellationToken)
    {
        var ids = new List<StoredTask>(count);
        foreach (var (set, size) in await StagedOfAsync(database, container, cancellationToken).ConfigureAwait(false))
        {
            var left = count - ids.Count;
            if (first < size && left > 0)
            {
                ids.AddRange(await ReadIdsAsync(database, set, first, first + left - 1)
                    .WaitAsync(cancellationToken).ConfigureAwait(false));
            }

            first = Math.Max(first - size, 0);
        }

        if (ids.Count < count)
        {
            ids.AddRange(await ReadIdsAsync(database, container, first, first + count - ids.Count - 1)
                .WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        return ids;
    }

    private static async Task<IReadOnlyList<(TaskContainer Set, long Size)>> StagedOfAsync(
        IDatabase database, TaskContainer container, CancellationToken cancellationToken) =>
        container.Group is null
            ? []
            : [.. (await ReadStagedAsync(database, container.Queue, cancellationToken).ConfigureAwait(false)).Sets
                .Where(set => set.Set.Group == container.Group)
                .Select(set => (container with { StagedAs = set.Set.Id }, set.Size))];

    /// <summary>Tasks of a group that match and are being aggregated: with a filter, they come before the first
    /// page.</summary>
    private async Task<List<TaskInfo>> ListStagedMatchesAsync(
        TaskSelection selection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<TaskInfo>();
        var container = TaskContainer.Of(selection);
        var matcher = new TaskMatcher(container.State, selection.Filter, now);
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        foreach (var (set, _) in await StagedOfAsync(database, container, cancellationToken).ConfigureAwait(false))
        {
            var ids = await ReadIdsAsync(database, set, 0, MostStagedMatched - 1)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            var tasks = await ReadTasksAsync(database, set, ids, cancellationToken).ConfigureAwait(false);
            found.AddRange(tasks.Where(matcher.Matches)
                .Select(task => task.ToInfo(set.Queue, set.State, now)));
        }

        return found;
    }

    private static async Task<(string Cursor, List<GroupInfo> Groups)> ReadGroupsAsync(
        IDatabase database, string queue, string cursor, CancellationToken cancellationToken)
    {
        using var reply = await LuaScripts.GroupSizes.RunAsync(
            database,
            keys: (RedisKey[])[QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Groups],
            arguments: (RedisValue[])[QueueKeys.Of(queue).GroupPrefix, cursor, GroupsPerCall])
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return ReadGroups(reply);
    }

    private static (string Cursor, List<GroupInfo> Groups) ReadGroups(RespResult reply)
    {
        var reader = reply.Read();
        var groups = new List<GroupInfo>((reader.AggregateLength() - 1) / 2);
        reader.MoveNext();
        var cursor = reader.ReadString()!;
        for (var left = groups.Capacity; left > 0; left--)
        {
            reader.MoveNext();
            var name = reader.ReadString()!;
            reader.MoveNext();
            groups.Add(new GroupInfo(name, reader.ReadInt64()));
        }

        return (cursor, groups);
    }
    /// <param name="Sets">The sets that were looked at, and how many tasks they have.</param>
    /// <param name="Share">Number of all sets by the number of sets looked at.</param>
    private sealed record StagedSets(IReadOnlyList<(AggregationSet Set, long Size)> Sets, double Share)
    {
        public long Estimate => (long)(Sets.Sum(set => set.Size) * Share);
    }
}
