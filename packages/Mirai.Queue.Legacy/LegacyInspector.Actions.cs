using Mirai.Queue.Inspector;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    // Entries of a list that one script may compare.
    private const long Compared = 100_000;

    private static readonly (string Name, TaskState[] States) Running =
        ("run", [TaskState.Scheduled, TaskState.Retry, TaskState.Archived]);

    private static readonly (string Name, TaskState[] States) Archiving =
        ("archived", [TaskState.Pending, TaskState.Scheduled, TaskState.Retry]);

    private static readonly (string Name, TaskState[] States) Deleting =
        ("deleted", [TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Archived]);

    private static readonly (string Name, TaskState[] States) Rescheduling =
        ("rescheduled", [TaskState.Scheduled, TaskState.Retry]);

    private static readonly (string Name, TaskState[] States) Updating = ("given another payload", [TaskState.Scheduled]);

    public Task RunTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default) =>
        ForOneAsync((queue, taskId), Running, place => LegacyAction.Run(queue, place), null, cancellationToken);

    public Task ArchiveTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default) =>
        ForOneAsync((queue, taskId), Archiving, place => Archive(queue, place), null, cancellationToken);

    public Task DeleteTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default) =>
        ForOneAsync(
            (queue, taskId), Deleting, place => LegacyAction.Delete(queue, place, givesLocksBack: true), null,
            cancellationToken);

    public Task RescheduleTaskAsync(
        string queue, string taskId, DateTimeOffset processAt,
        CancellationToken cancellationToken = default) => ForOneAsync(
        (queue, taskId), Rescheduling, place => Reschedule(queue, place, processAt), null, cancellationToken);

    public Task UpdateTaskPayloadAsync(
        string queue, string taskId, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        ForOneAsync(
            (queue, taskId), Updating, place => LegacyAction.Update(queue, place),
            entry => LegacyChange.Payload(entry, payload), cancellationToken);

    public Task CancelTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        common.CancelTaskAsync(taskId, cancellationToken);

    private async Task ForOneAsync(
        (string Queue, string Id) task,
        (string Name, TaskState[] States) action,
        Func<LegacyPlace, LegacyAction> create,
        Func<LegacyEntry, LegacyChange>? change,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task.Id);
        var database = await OpenAsync(task.Queue, cancellationToken).ConfigureAwait(false);
        int done;

        // Once more if it moved on in between.
        do
        {
            var (place, entry) = await FindAsync(database, task.Queue, task.Id, cancellationToken)
                .ConfigureAwait(false)
                ?? throw new TaskNotFoundException(task.Queue, task.Id);
            if (!action.States.Contains(place.State))
            {
                throw new TaskStateException(task.Queue, task.Id, place.State, action.Name);
            }

            done = await ActAsync(database, create(place), [(change ?? LegacyChange.None)(entry)])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (done == 0);
    }

    private LegacyAction Archive(string queue, LegacyPlace place) =>
        LegacyAction.Archive(queue, place, WireTime.ToSeconds(time.GetUtcNow()));

    private static LegacyAction Reschedule(string queue, LegacyPlace place, DateTimeOffset processAt) =>
        LegacyAction.Reschedule(queue, place, WireTime.ToSeconds(processAt));

    /// <summary>Acts on messages that were found. What is not there any more is passed over.</summary>
    private async Task<int> ActAsync(IDatabase database, LegacyAction action, IReadOnlyList<LegacyChange> changes)
    {
        var most = QueueInspector.BatchSize;
        if (action.From.IsList)
        {
            var length = await database.ListLengthAsync(action.From.Key).ConfigureAwait(false);
            most = (int)Math.Clamp(Compared / Math.Max(length, 1), 1, most);
        }

        var done = 0;
        foreach (var chunk in changes.Chunk(most))
        {
            done += await MoveAsync(database, action, chunk).ConfigureAwait(false);
        }

        if (done > 0 && action is { To.State: TaskState.Archived })
        {
            await TrimAsync(action.Queue).ConfigureAwait(false);
        }

        return done;
    }

    private static async Task<int> MoveAsync(IDatabase database, LegacyAction action, LegacyChange[] changes)
    {
        List<RedisKey> keys = [LegacyKeys.Queues, action.From.Key, (action.To ?? action.From).Key];
        RedisValue[] arguments =
        [
            action.From.IsList ? (action.FromHead ? 1 : -1) : RedisValue.EmptyString,
            action.To is null ? RedisValue.EmptyString : action.To.IsList ? "list" : "zset",
            action.Wakes ? LegacyKeys.Wake(action.Queue) : RedisValue.EmptyString,
            .. changes.SelectMany(change => Arguments(action, change, keys)),
        ];
        using var reply = await LegacyScripts.Move.RunAsync(database, keys.ToArray(), arguments).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32();
    }

    private static RedisValue[] Arguments(LegacyAction action, LegacyChange change, List<RedisKey> keys)
    {
        var (entry, lockIndex) = (change.Entry, 0);
        if (action.MindsLocks && entry.Message is { UniqueKey.Length: > 0 } message)
        {
            keys.Add(message.UniqueKey);
            lockIndex = keys.Count; // Lua counts from 1
        }

        return
        [
            entry.Stored, entry.Score, change.Message, action.Score ?? entry.Score, lockIndex,
            entry.Message?.Id.ToString() ?? "",
        ];
    }

    private async Task TrimAsync(string queue)
    {
        int trimmed;
        do
        {
            trimmed = await store.TrimArchiveAsync(queue, QueueInspector.BatchSize).ConfigureAwait(false);
        }
        while (trimmed == QueueInspector.BatchSize);
    }
}
