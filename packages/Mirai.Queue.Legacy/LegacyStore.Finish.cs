using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyStore
{
    private const int FirstLock = 9;

    public async Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var keys = FinishKeys(queue);
        RedisValue[] arguments =
        [
            WireTime.ToSeconds(time.GetUtcNow() + RedisStore.CounterLifetime), LegacyKeys.Wake(queue),
            .. tasks.SelectMany(task => FinishArguments(task, keys)),
        ];
        using var reply = await LegacyScripts.Finish.RunAsync(database, keys.ToArray(), arguments)
            .ConfigureAwait(false);

        return RedisStore.ReadPositions(reply);
    }

    public async Task<IReadOnlyList<int>> ExtendLeaseAsync(
        string queue, IReadOnlyList<TaskLease> leases, long leaseExpiry)
    {
        // This layout has no leases: a task belongs to its worker until its deadline. A task whose deadline has
        // another score was taken by another worker.
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var deadlines = await database.SortedSetScoresAsync(
            LegacyKeys.Deadlines, [.. leases.Select(lease => (RedisValue)MemberOf(lease.Member).Bytes)])
            .ConfigureAwait(false);

        return [.. Enumerable.Range(0, leases.Count).Where(i => deadlines[i] != MemberOf(leases[i].Member).Score)];
    }

    /// <summary>Not supported: this layout has no place for results.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result) =>
        throw new NotSupportedException(
        $"Results cannot be stored in {nameof(RedisLayout)}.{nameof(RedisLayout.Legacy)}.");

    private List<RedisKey> FinishKeys(string queue)
    {
        var now = time.GetUtcNow();
        return
        [
            LegacyKeys.Queues, LegacyKeys.InProgress, LegacyKeys.Deadlines, LegacyKeys.Queue(queue), LegacyKeys.Retry,
            LegacyKeys.Dead, LegacyKeys.Processed(now), LegacyKeys.Failed(now),
        ];
    }

    private static RedisValue[] FinishArguments(FinishedTask task, List<RedisKey> keys)
    {
        var lockIndex = 0;
        if (task.ReleasedLock is { } lockKey)
        {
            keys.Add(lockKey);
            lockIndex = keys.Count;
        }

        var member = MemberOf(task.Lease.Member);
        return
        [
            Word(task.Outcome), member.Bytes, member.Score, NewMessage(task, member), task.Score,
            lockIndex >= FirstLock ? lockIndex : 0, task.Lease.TaskId,
        ];
    }

    // This store made every member that comes back to it.
    private static LegacyMember MemberOf(object? member) => (LegacyMember)member!;

    private static string Word(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Done or TaskOutcome.Completed => "done",
        TaskOutcome.Requeued => "front",
        TaskOutcome.Retry => "retry",
        TaskOutcome.RetryUncounted => "later",
        TaskOutcome.Archived => "dead",
        TaskOutcome.Dropped => "drop",
        _ => throw new InvalidOperationException($"The outcome {outcome} has no word in legacy_finish.lua."),
    };

    // As Go writes it: the stored message with the new error and, after a failure that is retried, one more retry.
    private static ReadOnlyMemory<byte> NewMessage(FinishedTask task, LegacyMember member)
    {
        if (task.Message.IsEmpty || LegacyMessage.Decode(member.Bytes) is not { } stored)
        {
            return member.Bytes;
        }

        var changed = TaskMessage.Parser.ParseFrom(task.Message.Span);
        return (stored with
        {
            Retried = stored.Retried + (task.Outcome == TaskOutcome.Retry ? 1 : 0),
            ErrorMsg = changed.ErrorMsg,
        }).Encode();
    }
}
