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
}
