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
        string queue, IReadOnlyList<LeaseRenewal> leases, long leaseExpiry)
    {
        // There is no lease to move: a task belongs to its worker until its deadline. But it may have been taken away.
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var deadlines = await database.SortedSetScoresAsync(
            LegacyKeys.Deadlines, [.. leases.Select(lease => (RedisValue)lease.Member!.Bytes)]).ConfigureAwait(false);

        return [.. Enumerable.Range(0, leases.Count).Where(i => deadlines[i] != leases[i].Member!.Score)];
    }

    /// <summary>Not in this layout, which has no place for results.</summary>
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

        var member = task.Lease.Member!;
        return
        [
            Word(task.Outcome), member.Bytes, member.Score, NewMessage(task, member), task.Score,
            lockIndex >= FirstLock ? lockIndex : 0, task.Lease.TaskId,
        ];
    }

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

    // As Go does it: what was stored, with its error and, after a failure that is tried again, one more retry.
    private static ReadOnlyMemory<byte> NewMessage(FinishedTask task, StoredMember member)
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
