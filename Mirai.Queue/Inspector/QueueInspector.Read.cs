using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // Size of messages and results after which a step reads no further task.
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

    /// <summary>Reads tasks of one container in bounded steps. One that is gone or elsewhere by now is left
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
