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
        keys: [RedisKeys.Pending(tasks.Queue), RedisKeys.Groups(tasks.Queue), .. tasks.Keys],
        arguments: [.. Prefixes(tasks.Queue), RedisKeys.WakeChannel(tasks.Queue), .. tasks.Arguments]);

    private async Task<ActionResult> ArchiveAsync(IDatabase database, TaskSelection tasks)
    {
        var queue = tasks.Queue;
        var result = await ActAsync(
            LuaScripts.ArchiveTasks,
            database,
            keys: [RedisKeys.Pending(queue), RedisKeys.Groups(queue), RedisKeys.Archived(queue), .. tasks.Keys],
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
            keys: [RedisKeys.Pending(tasks.Queue), RedisKeys.Groups(tasks.Queue), .. tasks.Keys],
            arguments: [.. Prefixes(tasks.Queue), givesLocksBack, .. tasks.Arguments]);

    private static Task<ActionResult> RescheduleAsync(
        IDatabase database, TaskSelection tasks, DateTimeOffset processAt) => ActAsync(
        LuaScripts.RescheduleTasks,
        database,
        keys: [RedisKeys.Pending(tasks.Queue)],
        arguments:
        [
            RedisKeys.Prefix(tasks.Queue), RedisKeys.TaskPrefix(tasks.Queue), RedisKeys.WakeChannel(tasks.Queue),
            WireTime.ToSeconds(processAt), .. tasks.Arguments,
        ]);

    private static Task<ActionResult> UpdateAsync(
        IDatabase database, string queue, IReadOnlyList<PayloadChange> changes) => ActAsync(
        LuaScripts.UpdatePayloads,
        database,
        keys: [RedisKeys.Pending(queue)],
        arguments:
        [
            RedisKeys.TaskPrefix(queue),
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
        [RedisKeys.Prefix(queue), RedisKeys.TaskPrefix(queue), RedisKeys.GroupPrefix(queue)];

    private static async Task<ActionResult> ActAsync(
        RedisScript script, IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        using var reply = await script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return ActionResult.Read(reply);
    }
}
