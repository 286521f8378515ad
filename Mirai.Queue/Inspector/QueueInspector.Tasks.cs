using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // Bytes of messages and results after which a script call reads no further task.
    private const int ReadRoom = 1024 * 1024;

    public async Task<TaskInfo?> FindTaskAsync(
        string queue, string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(taskId);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.TaskInfo.RunAsync(
            database,
            keys: (RedisKey[])
                [QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Task(taskId), QueueKeys.Of(queue).Lease],
            arguments: (RedisValue[])[taskId, QueueKeys.Of(queue).Prefix])
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ReadTask(reply, taskId) is not { } task)
        {
            return null;
        }

        return task.Message is null
            ? throw new InvalidDataException($"The message of task {taskId} cannot be read.")
            : task.ToInfo(queue, task.State!.Value, time.GetUtcNow());
    }

    public async Task<Page<TaskInfo>> ListTasksAsync(
        TaskSelection selection, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var page = paging ?? Paging.Default;
        if (selection.TaskId is { } taskId)
        {
            await OpenAsync(selection.Queue, cancellationToken).ConfigureAwait(false);
            var task = await FindTaskAsync(selection.Queue, taskId, cancellationToken).ConfigureAwait(false);
            return new Page<TaskInfo>(task is null ? [] : [task]);
        }

        return selection.Filter is null
            ? await ListInOrderAsync(TaskContainer.Of(selection), page, cancellationToken).ConfigureAwait(false)
            : await ListMatchesAsync(selection, page, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Page<TaskInfo>> ListInOrderAsync(
        TaskContainer container, Paging page, CancellationToken cancellationToken)
    {
        var first = page.First;
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        var ids = await ReadListedIdsAsync(database, container, first, page.Size, cancellationToken)
            .ConfigureAwait(false);
        var tasks = await ReadTasksAsync(database, container, ids, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();

        return new Page<TaskInfo>(
            tasks.ConvertAll(task => task.ToInfo(container.Queue, container.State, now)), page.CursorAfter(ids.Count));
    }

    private async Task<Page<TaskInfo>> ListMatchesAsync(
        TaskSelection selection, Paging page, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = page.Cursor is null
            ? await ListStagedMatchesAsync(selection, now, cancellationToken).ConfigureAwait(false)
            : [];
        var step = await ForMatchesAsync(
            selection,
            page,
            (_, batch) =>
            {
                found.AddRange(batch.Tasks.Select(task => task.ToInfo(batch.Queue, batch.From!.State, now)));
                return Task.FromResult(new BatchResult(0));
            },
            cancellationToken).ConfigureAwait(false);

        return new Page<TaskInfo>(found, step.Cursor);
    }

    private static Task<long> CountIdsAsync(IDatabase database, TaskContainer container) => container.IsList
        ? database.ListLengthAsync(container.Key)
        : database.SortedSetLengthAsync(container.Key);

    /// <summary>Reads ids of a container by rank: the first id is the one that runs, falls due or expires
    /// first.</summary>
    private static async Task<IReadOnlyList<StoredTask>> ReadIdsAsync(
        IDatabase database, TaskContainer container, long first, long last)
    {
        if (!container.IsList)
        {
            var entries = await database.SortedSetRangeByRankWithScoresAsync(container.Key, first, last)
                .ConfigureAwait(false);
            return [.. entries.Select(entry => new StoredTask(entry.Element.ToString(), entry.Score))];
        }

        // New ids are pushed at the head.
        var ids = await database.ListRangeAsync(container.Key, -last - 1, -first - 1).ConfigureAwait(false);
        Array.Reverse(ids);
        var leases = container.State == TaskState.Active && ids.Length > 0
            ? await database.SortedSetScoresAsync(QueueKeys.Of(container.Queue).Lease, ids).ConfigureAwait(false)
            : new double?[ids.Length];

        return [.. ids.Zip(leases, (id, lease) => new StoredTask(id.ToString(), lease))];
    }

    /// <exception cref="InvalidDataException">The task is scheduled, and its message cannot be read.</exception>
    private static async Task<StoredTask> ReadScheduledAsync(
        IDatabase database, string queue, string taskId, CancellationToken cancellationToken)
    {
        var tasks = await ReadTasksAsync(database, queue, [new StoredTask(taskId, null)], cancellationToken)
            .ConfigureAwait(false);

        return tasks[0] is { State: TaskState.Scheduled, Message: null }
            ? throw new InvalidDataException($"The message of task {taskId} cannot be read.")
            : tasks[0];
    }

    private static StoredTask? ReadTask(RespResult reply, string taskId)
    {
        var reader = reply.Read();
        if (reader.AggregateLength() == 0)
        {
            return null;
        }

        reader.MoveNext();
        var bytes = reader.ReadByteArray()!;
        reader.MoveNext();
        var word = reader.ReadString();
        reader.MoveNext();
        double? score = reader.ScalarIsEmpty() ? null : reader.ReadDouble();
        reader.MoveNext();

        return new StoredTask(taskId, score)
        {
            Bytes = bytes,
            Message = StoredTask.TryParse(bytes),
            State = TaskStateWord.TryParse(word)
                ?? throw new InvalidDataException($"Task {taskId} has the unknown state '{word}'."),
            Result = reader.ScalarIsEmpty() ? null : reader.ReadByteArray(),
        };
    }

    /// <summary>Reads tasks of one container in bounded steps. Tasks that have left the container are left
    /// out.</summary>
    private static async Task<List<StoredTask>> ReadTasksAsync(
        IDatabase database, TaskContainer container, IReadOnlyList<StoredTask> ids,
        CancellationToken cancellationToken)
    {
        var tasks = await ReadTasksAsync(database, container.Queue, ids, cancellationToken).ConfigureAwait(false);

        return tasks.FindAll(task => task.State == container.State);
    }

    private static async Task<List<StoredTask>> ReadTasksAsync(
        IDatabase database, string queue, IReadOnlyList<StoredTask> ids, CancellationToken cancellationToken)
    {
        var tasks = new List<StoredTask>(ids.Count);
        var done = 0;
        while (done < ids.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reply = await LuaScripts.ReadTasks.RunAsync(
                database,
                keys: (RedisKey[])[QueueKeys.Of(queue).Pending],
                arguments: (RedisValue[])
                [
                    QueueKeys.Of(queue).TaskPrefix, ReadRoom,
                    .. ids.Skip(done).Take(BatchSize).Select(task => (RedisValue)task.Id),
                ]).WaitAsync(cancellationToken).ConfigureAwait(false);
            done += ReadBatch(reply, ids, done, tasks);
        }

        return tasks;
    }

    private static int ReadBatch(RespResult reply, IReadOnlyList<StoredTask> ids, int from, List<StoredTask> tasks)
    {
        var reader = reply.Read();
        var count = reader.AggregateLength() / 4;
        for (var i = 0; i < count; i++)
        {
            reader.MoveNext();
            var bytes = reader.ReadByteArray()!;
            reader.MoveNext();
            var word = reader.ReadString();
            reader.MoveNext();
            var result = reader.ScalarIsEmpty() ? null : reader.ReadByteArray();
            reader.MoveNext();
            tasks.Add(ids[from + i] with
            {
                Bytes = bytes,
                Message = StoredTask.TryParse(bytes),
                State = TaskStateWord.TryParse(word),
                Result = result,
                PendingSince = reader.TryReadInt64(out var since) ? WireTime.FromUnixNanoseconds(since) : null,
            });
        }

        return count;
    }
}
