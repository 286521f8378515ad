using System.Runtime.CompilerServices;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // A list with more entries shows that the queue is in use again during its deletion.
    private const int ListLimit = 1_000;

    // One SCAN examines so many keys.
    private const int KeysPerScan = 1_000;

    private static readonly TaskState[] Renamed =
        [TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed];

    public async Task DeleteQueueAsync(string queue, bool force = false, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        if (!force && await HasGroupsAsync(database, queue, cancellationToken).ConfigureAwait(false))
        {
            throw new QueueNotEmptyException(queue, hasActiveTasks: false);
        }

        // Finish the deletion that an earlier call began, then delete what the queue holds now.
        do
        {
            await DrainAsideAsync(database, queue, cancellationToken).ConfigureAwait(false);
        }
        while (!await SetAsideAsync(database, queue, force).WaitAsync(cancellationToken).ConfigureAwait(false));

        await DrainAsideAsync(database, queue, cancellationToken).ConfigureAwait(false);
        await SweepAsync(database, queue, force, cancellationToken).ConfigureAwait(false);
        await DropEmptyGroupsAsync(database, queue, cancellationToken).ConfigureAwait(false);
        await UnlistAsync(database, queue).ConfigureAwait(false);
    }

    private static async Task<bool> HasGroupsAsync(
        IDatabase database, string queue, CancellationToken cancellationToken)
    {
        var groups = FindKeysAsync(database, QueueKeys.Of(queue).GroupPrefix, cancellationToken);

        return await groups.AnyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> SetAsideAsync(IDatabase database, string queue, bool force) =>
        await CallAsync(
            database,
            LuaScripts.StageDeletion,
            keys:
            [
                .. Renamed.Select(state => new TaskContainer(queue, state).Key), QueueKeys.Of(queue).Active,
                .. Renamed.Select(state => QueueKeys.Of(queue).Deleted(state)), QueueKeys.Of(queue).Paused,
                QueueKeys.Of(queue).Lease,
            ],
            arguments: [force]).ConfigureAwait(false) switch
        {
            1 => true,
            0 => false,
            -1 => throw new QueueNotEmptyException(queue, hasActiveTasks: false),
            -2 => throw new QueueNotEmptyException(queue, hasActiveTasks: true),
            var code => throw new InvalidOperationException($"stage_deletion.lua returned {code}."),
        };

    private static async Task DrainAsideAsync(IDatabase database, string queue, CancellationToken cancellationToken)
    {
        foreach (var state in Renamed)
        {
            var key = QueueKeys.Of(queue).Deleted(state);
            await DrainAsync(database, queue, key, state == TaskState.Pending ? "list" : "zset", cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static async Task DrainAsync(
        IDatabase database, string queue, string key, string kind, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            deleted = await CallAsync(
                database,
                LuaScripts.Drain,
                keys: [QueueKeys.Of(queue).Pending, key],
                arguments: [QueueKeys.Of(queue).TaskPrefix, kind, BatchSize])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (deleted > 0);
    }

    /// <summary>Deletes keys that no container leads to, among them groups that Asynq has taken off the set of groups
    /// although they have tasks.</summary>
    private static async Task SweepAsync(
        IDatabase database, string queue, bool force, CancellationToken cancellationToken)
    {
        var groups = QueueKeys.Of(queue).GroupPrefix;
        var chunk = new List<string>();
        await foreach (var key in FindKeysAsync(database, QueueKeys.Of(queue).Prefix, cancellationToken)
            .ConfigureAwait(false))
        {
            if (key.StartsWith(groups, StringComparison.Ordinal) && force)
            {
                await DrainAsync(database, queue, key, "zset", cancellationToken).ConfigureAwait(false);
            }

            chunk.Add(key);
            if (chunk.Count == BatchSize)
            {
                await SweepAsync(database, queue, chunk).WaitAsync(cancellationToken).ConfigureAwait(false);
                chunk.Clear();
            }
        }

        await SweepAsync(database, queue, chunk).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static Task<int> SweepAsync(IDatabase database, string queue, List<string> keys) => CallAsync(
        database,
        LuaScripts.SweepQueue,
        keys:
        [
            QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Active, QueueKeys.Of(queue).Lease,
            QueueKeys.Of(queue).Scheduled, QueueKeys.Of(queue).Retry, QueueKeys.Of(queue).Archived,
            QueueKeys.Of(queue).Completed, QueueKeys.Of(queue).Groups, QueueKeys.Of(queue).AggregationSets,
            .. keys.Select(key => (RedisKey)key),
        ],
        arguments: [QueueKeys.Of(queue).Prefix, ListLimit]);

    private static async Task DropEmptyGroupsAsync(
        IDatabase database, string queue, CancellationToken cancellationToken)
    {
        var cursor = "0";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reply = await LuaScripts.DropEmptyGroups.RunAsync(
                database,
                keys: (RedisKey[])
                    [QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Groups, QueueKeys.Of(queue).AggregationSets],
                arguments: (RedisValue[])[QueueKeys.Of(queue).GroupPrefix, cursor, BatchSize])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            cursor = reply.ReadScalar().ReadString()!;
        }
        while (cursor != "0");
    }

    /// <summary>Takes the name off the list of queues, which lies in another slot of a cluster. If tasks were enqueued
    /// in between, the name is put back; a producer that enqueues later puts it back by itself. Cannot be
    /// cancelled.</summary>
    private async Task UnlistAsync(IDatabase database, string queue)
    {
        if (await IsUsedAsync(database, queue).ConfigureAwait(false))
        {
            return;
        }

        await database.SetRemoveAsync(SharedKeys.Queues, queue).ConfigureAwait(false);
        if (await IsUsedAsync(database, queue).ConfigureAwait(false))
        {
            await database.SetAddAsync(SharedKeys.Queues, queue).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsUsedAsync(IDatabase database, string queue)
    {
        var counts = await CountAsync(database, queue, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);

        return counts.Groups > 0 || counts.Sizes.Any(size => size > 0);
    }

    /// <summary>Scans the keys with a prefix, on the node that has the queue.</summary>
    private static async IAsyncEnumerable<string> FindKeysAsync(
        IDatabase database, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var endpoint = await database.IdentifyEndpointAsync(prefix, CommandFlags.DemandMaster)
            .WaitAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new RedisException("No connected Redis server holds the keys of the queue.");
        var keys = database.Multiplexer.GetServer(endpoint)
            .KeysAsync(database.Database, Glob.Escape(prefix) + "*", KeysPerScan)
            .WithCancellation(cancellationToken);
        await foreach (var key in keys.ConfigureAwait(false))
        {
            yield return key.ToString();
        }
    }
}
