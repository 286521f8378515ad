using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // How many groups one step counts: some tenths of a millisecond of Redis' time.
    private const int GroupsPerPage = 200;

    // Of more groups than this, the rest is estimated: a queue with a million of them must not cost 5,000 round trips.
    private const int MostGroupsCounted = 2_000;

    public async Task<IReadOnlyList<GroupInfo>> ListGroupsAsync(
        string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var cursor = "0";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            (cursor, var page) = await ReadGroupsAsync(database, queue, cursor, cancellationToken)
                .ConfigureAwait(false);
            foreach (var group in page)
            {
                sizes[group.Group] = group.Size; // a scan may tell a name twice
            }
        }
        while (cursor != "0");

        return [.. sizes.Select(size => new GroupInfo(size.Key, size.Value))];
    }

    private static async Task<long> EstimateAggregatingAsync(
        IDatabase database, QueueInfo info, CancellationToken cancellationToken)
    {
        var (groups, tasks, cursor) = (0, 0L, "0");
        do
        {
            (cursor, var page) =
                await ReadGroupsAsync(database, info.Queue, cursor, cancellationToken).ConfigureAwait(false);
            groups += page.Count;
            tasks += page.Sum(group => group.Size);
        }
        while (cursor != "0" && groups < MostGroupsCounted);

        return cursor == "0" || groups == 0 ? tasks : (long)((double)tasks / groups * Math.Max(info.Groups, groups));
    }

    private static async Task<(string Cursor, List<GroupInfo> Groups)> ReadGroupsAsync(
        IDatabase database, string queue, string cursor, CancellationToken cancellationToken)
    {
        using var reply = await LuaScripts.GroupSizes.RunAsync(
            database,
            keys: (RedisKey[])[QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Groups],
            arguments: (RedisValue[])[QueueKeys.Of(queue).GroupPrefix, cursor, GroupsPerPage])
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
