using System.Globalization;
using Google.Protobuf;
using Mirai.Queue.Protocol;
using Mirai.Queue.Scripts;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public async Task<TaskInfo?> FindTaskAsync(
        string queue, string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(taskId);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.TaskInfo.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Task(queue, taskId)],
            arguments: (RedisValue[])[taskId, RedisKeys.Prefix(queue)])
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return ReadTask(reply, taskId);
    }

    private TaskInfo? ReadTask(RespResult reply, string taskId)
    {
        var reader = reply.Read();
        if (reader.AggregateLength() == 0)
        {
            return null;
        }

        reader.MoveNext();
        var message = Decode(reader.ReadByteArray()!, taskId);
        reader.MoveNext();
        var state = ToState(reader.ReadString(), taskId);
        reader.MoveNext();
        var due = NextProcessAt(state, reader.ReadString()!);
        reader.MoveNext();
        var info = TaskMessageConverter.ToInfo(message, state, due);

        return reader.ScalarIsEmpty() ? info : info with { Result = reader.ReadByteArray() };
    }

    private static TaskMessage Decode(byte[] bytes, string taskId)
    {
        try
        {
            return TaskMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"The message of task {taskId} cannot be read.", exception);
        }
    }

    private static TaskState ToState(string? word, string taskId) => word switch
    {
        "active" => TaskState.Active,
        "pending" => TaskState.Pending,
        "scheduled" => TaskState.Scheduled,
        "retry" => TaskState.Retry,
        "archived" => TaskState.Archived,
        "completed" => TaskState.Completed,
        "aggregating" => TaskState.Aggregating,
        _ => throw new InvalidDataException($"Task {taskId} has the unknown state '{word}'."),
    };

    private DateTimeOffset? NextProcessAt(TaskState state, string score) => state == TaskState.Pending
        ? time.GetUtcNow()
        : double.TryParse(score, CultureInfo.InvariantCulture, out var seconds)
            ? WireTime.FromSeconds((long)seconds)
            : null;
}
