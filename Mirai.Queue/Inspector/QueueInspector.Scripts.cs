using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>The scripts that change the tasks of a batch.</summary>
internal sealed partial class QueueInspector
{
    private static Task<BatchResult> RunAsync(IDatabase database, TaskBatch batch) => ActAsync(
        LuaScripts.RunTasks,
        database,
        keys: [QueueKeys.Of(batch.Queue).Pending, QueueKeys.Of(batch.Queue).Groups, .. batch.Keys],
        arguments: [.. Prefixes(batch.Queue), QueueKeys.Of(batch.Queue).WakeChannel, .. batch.Arguments]);

    private async Task<BatchResult> ArchiveAsync(IDatabase database, TaskBatch batch)
    {
        var queue = batch.Queue;
        if (batch is { Scan: { } scan, From.State: TaskState.Pending })
        {
            var archived = await RemovePendingAsync(database, batch, scan, WireTime.ToSeconds(time.GetUtcNow()))
                .ConfigureAwait(false);
            return archived with { Trimmed = await TrimArchiveAsync(queue).ConfigureAwait(false) };
        }

        var result = await ActAsync(
            LuaScripts.ArchiveTasks,
            database,
            keys:
            [
                QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Groups, QueueKeys.Of(queue).Archived, .. batch.Keys,
            ],
            arguments: [.. Prefixes(queue), WireTime.ToSeconds(time.GetUtcNow()), .. batch.Arguments])
            .ConfigureAwait(false);

        return result.Count == 0
            ? result
            : result with { Trimmed = await TrimArchiveAsync(queue).ConfigureAwait(false) };
    }

    private static Task<BatchResult> DeleteAsync(IDatabase database, TaskBatch batch) =>
        batch is { Scan: { } scan, From.State: TaskState.Pending }
            ? RemovePendingAsync(database, batch, scan, archivedAt: "")
            : ActAsync(
                LuaScripts.DeleteTasks,
                database,
                keys: [QueueKeys.Of(batch.Queue).Pending, QueueKeys.Of(batch.Queue).Groups, .. batch.Keys],
                arguments: [.. Prefixes(batch.Queue), .. batch.Arguments]);

    private static Task<BatchResult> RescheduleAsync(
        IDatabase database, TaskBatch batch, DateTimeOffset processAt) => ActAsync(
        LuaScripts.RescheduleTasks,
        database,
        keys: [QueueKeys.Of(batch.Queue).Pending],
        arguments:
        [
            QueueKeys.Of(batch.Queue).Prefix, QueueKeys.Of(batch.Queue).TaskPrefix,
            QueueKeys.Of(batch.Queue).WakeChannel, WireTime.ToDueSeconds(processAt), .. batch.Arguments,
        ]);

    private static Task<BatchResult> UpdateAsync(
        IDatabase database, string queue, IReadOnlyList<PayloadChange> changes) => ActAsync(
        LuaScripts.UpdatePayloads,
        database,
        keys: [QueueKeys.Of(queue).Pending],
        arguments:
        [
            QueueKeys.Of(queue).TaskPrefix,
            .. changes.SelectMany(change => (RedisValue[])[change.TaskId, change.Before, change.After]),
        ]);

    private async Task<BatchResult> CancelAsync(IDatabase database, TaskBatch batch)
    {
        await Task.WhenAll(batch.Tasks.Select(task => store.PublishCancellationAsync(task.Id))).ConfigureAwait(false);

        return new BatchResult(batch.Tasks.Count);
    }

    /// <summary>Writes changed messages, about a megabyte at a time.</summary>
    private async Task<BatchResult> UpdateAsync(
        IDatabase database, TaskBatch batch, Func<TaskInfo, ReadOnlyMemory<byte>?> change)
    {
        var now = time.GetUtcNow();
        var (count, size, changes) = (0, 0, new List<PayloadChange>());
        foreach (var task in batch.Tasks.Where(task => task.Message is not null))
        {
            if (change(task.ToInfo(batch.Queue, TaskState.Scheduled, now)) is { } payload)
            {
                changes.Add(PayloadChange.Create(task, payload));
                size += changes[^1].Size;
            }

            if (size >= ReadRoom)
            {
                count += (await UpdateAsync(database, batch.Queue, changes).ConfigureAwait(false)).Count;
                (size, changes) = (0, []);
            }
        }

        return changes.Count == 0
            ? new BatchResult(count)
            : new BatchResult(
                count + (await UpdateAsync(database, batch.Queue, changes).ConfigureAwait(false)).Count);
    }

    /// <summary>Takes ids out of the middle of the pending list. When the first id is gone, workers or other clients
    /// have changed the list since the scan; then the ids that are still pending are tried again.</summary>
    private static async Task<BatchResult> RemovePendingAsync(
        IDatabase database, TaskBatch batch, ScanBatch scan, RedisValue archivedAt)
    {
        var order = new Dictionary<string, int>();
        foreach (var (index, task) in scan.Ids.Index())
        {
            order[task.Id] = index;
        }

        var queue = batch.Queue;
        List<StoredTask> tasks = [.. batch.Tasks];
        while (tasks.Count > 0)
        {
            var removed = await CallAsync(
                database,
                LuaScripts.RemovePending,
                keys: [QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Archived],
                arguments:
                [
                    QueueKeys.Of(queue).TaskPrefix, archivedAt, scan.IsNearHead ? 1 : -1,
                    order[tasks[^1].Id] - order[tasks[0].Id] + 1, .. tasks.Select(task => (RedisValue)task.Id),
                ]).ConfigureAwait(false);
            if (removed >= 0)
            {
                return new BatchResult(removed);
            }

            tasks = await ReadTasksAsync(database, batch.From!, [.. tasks.Skip(1)], CancellationToken.None)
                .ConfigureAwait(false);
        }

        return new BatchResult(0);
    }

    /// <summary>Trims the archive to its limit. One call is not enough when a whole batch was archived.</summary>
    private async Task<long> TrimArchiveAsync(string queue)
    {
        var total = 0L;
        int trimmed;
        do
        {
            trimmed = await store.TrimArchiveAsync(queue, BatchSize).ConfigureAwait(false);
            total += trimmed;
        }
        while (trimmed == BatchSize);

        return total;
    }

    private static RedisValue[] Prefixes(string queue) =>
        [QueueKeys.Of(queue).Prefix, QueueKeys.Of(queue).TaskPrefix, QueueKeys.Of(queue).GroupPrefix];

    private static async Task<BatchResult> ActAsync(
        RedisScript script, IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        using var reply = await script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return BatchResult.Read(reply);
    }
}
