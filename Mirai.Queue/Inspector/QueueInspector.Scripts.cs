using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>What the scripts do that single and bulk operations share.</summary>
internal sealed partial class QueueInspector
{
    private static Task<ActionResult> RunAsync(IDatabase database, TaskSelection tasks) => ActAsync(
        LuaScripts.RunTasks,
        database,
        keys: [QueueKeys.Of(tasks.Queue).Pending, QueueKeys.Of(tasks.Queue).Groups, .. tasks.Keys],
        arguments: [.. Prefixes(tasks.Queue), QueueKeys.Of(tasks.Queue).WakeChannel, .. tasks.Arguments]);

    private async Task<ActionResult> ArchiveAsync(IDatabase database, TaskSelection tasks)
    {
        var queue = tasks.Queue;
        var result = await ActAsync(
            LuaScripts.ArchiveTasks,
            database,
            keys: [QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Groups, QueueKeys.Of(queue).Archived, .. tasks.Keys],
            arguments: [.. Prefixes(queue), WireTime.ToSeconds(time.GetUtcNow()), .. tasks.Arguments])
            .ConfigureAwait(false);
        if (result.Count > 0)
        {
            await TrimArchiveAsync(queue).ConfigureAwait(false);
        }

        return result;
    }

    private static Task<ActionResult> DeleteAsync(IDatabase database, TaskSelection tasks, bool givesLocksBack) =>
        ActAsync(
            LuaScripts.DeleteTasks,
            database,
            keys: [QueueKeys.Of(tasks.Queue).Pending, QueueKeys.Of(tasks.Queue).Groups, .. tasks.Keys],
            arguments: [.. Prefixes(tasks.Queue), givesLocksBack, .. tasks.Arguments]);

    private static Task<ActionResult> RescheduleAsync(
        IDatabase database, TaskSelection tasks, DateTimeOffset processAt) => ActAsync(
        LuaScripts.RescheduleTasks,
        database,
        keys: [QueueKeys.Of(tasks.Queue).Pending],
        arguments:
        [
            QueueKeys.Of(tasks.Queue).Prefix, QueueKeys.Of(tasks.Queue).TaskPrefix,
            QueueKeys.Of(tasks.Queue).WakeChannel,
            WireTime.ToSeconds(processAt), .. tasks.Arguments,
        ]);

    private static Task<ActionResult> UpdateAsync(
        IDatabase database, string queue, IReadOnlyList<PayloadChange> changes) => ActAsync(
        LuaScripts.UpdatePayloads,
        database,
        keys: [QueueKeys.Of(queue).Pending],
        arguments:
        [
            QueueKeys.Of(queue).TaskPrefix,
            .. changes.SelectMany(change => (RedisValue[])[change.TaskId, change.Before, change.After]),
        ]);

    /// <summary>An archive may have grown by a batch and still be full of old tasks.</summary>
    private async Task TrimArchiveAsync(string queue)
    {
        int trimmed;
        do
        {
            trimmed = await store.TrimArchiveAsync(queue, BatchSize).ConfigureAwait(false);
        }
        while (trimmed == BatchSize);
    }

    private static RedisValue[] Prefixes(string queue) =>
        [QueueKeys.Of(queue).Prefix, QueueKeys.Of(queue).TaskPrefix, QueueKeys.Of(queue).GroupPrefix];

    private static async Task<ActionResult> ActAsync(
        RedisScript script, IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        using var reply = await script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return ActionResult.Read(reply);
    }
}
