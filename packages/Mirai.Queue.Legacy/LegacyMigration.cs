using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The one-shot migration: pauses first, so that nothing of a paused queue runs; then the lists, then the
/// sets.</summary>
internal sealed class LegacyMigration(RedisConnection connection, LegacyMover mover, TimeProvider time)
    : ILegacyMigration
{
    public async Task<LegacyMigrationReport> RunAsync(
        bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await CheckAsync(database).ConfigureAwait(false);
        var tally = new LegacyTally();
        foreach (var list in await KeysAsync(database, LegacyKeys.Paused).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (dryRun || await mover.MovePauseAsync(list).ConfigureAwait(false))
            {
                tally.AddPause(LegacyKeys.NameOf(list));
            }
        }

        var lists = (await KeysAsync(database, LegacyKeys.Queues).ConfigureAwait(false)).Select(LegacyPlace.Queue);
        foreach (var place in lists.Concat(LegacyPlace.Sets))
        {
            await (dryRun ? CountAsync(place, tally, cancellationToken) : MoveAsync(place, tally, cancellationToken))
                .ConfigureAwait(false);
        }

        if (!dryRun)
        {
            await DropServersAsync(database).ConfigureAwait(false);
        }

        return tally.ToReport(dryRun);
    }

    private async Task CheckAsync(IDatabase database)
    {
        if (database.Multiplexer.GetServers().Any(server => server.ServerType == ServerType.Cluster))
        {
            throw new LegacyMigrationException(
                "The legacy layout does not work on a Redis Cluster: there is nothing to migrate.");
        }

        var now = WireTime.ToSeconds(time.GetUtcNow());
        var live = await database.SortedSetRangeByScoreAsync(LegacyKeys.Servers, now).ConfigureAwait(false);
        var servers = live.Select(key => key.ToString()).Where(IsLegacyServer).ToList();
        if (servers.Count > 0)
        {
            throw new LegacyMigrationException(
                $"Workers of the legacy layout are running ({string.Join(", ", servers)}): stop them first.");
        }

        var running = await database.ListLengthAsync(LegacyKeys.InProgress).ConfigureAwait(false);
        if (running > 0)
        {
            throw new LegacyMigrationException(
                $"{LegacyKeys.InProgress} holds {running} tasks, which a worker of the legacy layout has begun. Let " +
                "it end "
                + "them; if it died, start one until it has taken them back (half a minute after their deadlines).");
        }
    }

    private async Task MoveAsync(LegacyPlace place, LegacyTally tally, CancellationToken cancellationToken)
    {
        var skip = 0;
        LegacyMove step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = await mover.MoveAsync(place, skip).ConfigureAwait(false);
            tally.Add(place, step);
            skip += step.Left.Count;
        }
        while (step.Read == LegacyMover.Batch);

        if (place.IsList)
        {
            await mover.RegisterAsync(place).ConfigureAwait(false);
        }
    }

    private async Task CountAsync(LegacyPlace place, LegacyTally tally, CancellationToken cancellationToken)
    {
        var skip = 0;
        IReadOnlyList<LegacyEntry> entries;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            entries = await mover.ReadAsync(place, skip).ConfigureAwait(false);
            var found = entries.Where(entry => entry.Message is not null).GroupBy(entry => entry.Queue)
                .ToDictionary(group => group.Key, group => group.Count());
            var left = entries.Where(entry => entry.Message is null).Select(_ => LegacyMover.Unreadable(place));
            tally.Add(place, new LegacyMove(entries.Count, found, [.. left]));
            skip += entries.Count;
        }
        while (entries.Count == LegacyMover.Batch);
    }

    // Nobody refreshes them, but an index entry of a dead server stays until somebody reads the index.
    private static async Task DropServersAsync(IDatabase database)
    {
        foreach (var index in (string[])[LegacyKeys.Servers, LegacyKeys.Workers])
        {
            var members = await database.SortedSetRangeByRankAsync(index).ConfigureAwait(false);
            foreach (var key in members.Where(key => IsLegacyServer(key.ToString())))
            {
                await database.SortedSetRemoveAsync(index, key).ConfigureAwait(false);
            }
        }
    }

    private static async Task<List<string>> KeysAsync(IDatabase database, string set) =>
    [
        .. (await database.SetMembersAsync(set).ConfigureAwait(false)).Select(key => key.ToString())
            .Where(LegacyKeys.IsQueue).Order(StringComparer.Ordinal),
    ];

    // The current layout has braces there.
    private static bool IsLegacyServer(string key) => !key.Contains('{', StringComparison.Ordinal);
}
