using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public async Task<IReadOnlyList<QueueServerInfo>> ListServersAsync(CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var servers = await ReadAllAsync(
            database, SharedKeys.Servers, async key => [await database.StringGetAsync(key).ConfigureAwait(false)])
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var workers = await ReadAllAsync(database, SharedKeys.Workers, key => database.HashValuesAsync(key))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var tasks = workers.Select(value => TryRead(value, WorkerInfo.Parser))
            .OfType<WorkerInfo>().ToLookup(worker => worker.ServerId);

        return
        [
            .. servers.Select(value => TryRead(value, ServerInfo.Parser)).OfType<ServerInfo>()
                .OrderBy(server => server.Host, StringComparer.Ordinal).ThenBy(server => server.Pid)
                .ThenBy(server => server.ServerId, StringComparer.Ordinal)
                .Select(server => ToServer(server, tasks[server.ServerId])),
        ];
    }

    /// <summary>The values of all keys that an index names and that are alive. What is not is taken off the index, as
    /// all of Asynq's readers do.</summary>
    private async Task<List<byte[]>> ReadAllAsync(
        IDatabase database, RedisKey index, Func<RedisKey, Task<RedisValue[]>> read)
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        var removed = database.SortedSetRemoveRangeByScoreAsync(index, double.NegativeInfinity, now - 1);
        var keys = await database.SortedSetRangeByScoreAsync(index, now).ConfigureAwait(false);
        await removed.ConfigureAwait(false);
        var values = new List<byte[]>();
        foreach (var chunk in keys.Chunk(BatchSize))
        {
            var replies = await Task.WhenAll(chunk.Select(key => read(key.ToString()))).ConfigureAwait(false);
            values.AddRange(
                replies.SelectMany(reply => reply).Where(value => !value.IsNull).Select(value => (byte[])value!));
        }

        return values;
    }

    private static QueueServerInfo ToServer(ServerInfo server, IEnumerable<WorkerInfo> workers) => new()
    {
        Id = server.ServerId,
        Host = server.Host,
        ProcessId = server.Pid,
        Concurrency = server.Concurrency,
        Queues = server.Queues.AsReadOnly(),
        StrictPriority = server.StrictPriority,
        Started = ToTime(server.StartTime) ?? DateTimeOffset.UnixEpoch,
        Status = server.Status,
        ActiveTasks = [.. workers.Select(ToActiveTask).OrderBy(task => task.Started)],
    };

    private static ActiveTaskInfo ToActiveTask(WorkerInfo worker) => new()
    {
        TaskId = worker.TaskId,
        Type = worker.TaskType,
        Payload = worker.TaskPayload.IsEmpty ? default(ReadOnlyMemory<byte>?) : worker.TaskPayload.Memory,
        Queue = worker.Queue,
        Started = ToTime(worker.StartTime) ?? DateTimeOffset.UnixEpoch,
        Deadline = ToTime(worker.Deadline),
    };

    private static T? TryRead<T>(byte[] value, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // Go's zero time, year 1, means "never". What no date can hold is none.
    private static DateTimeOffset? ToTime(Timestamp? time) => time is null
        || time.Seconds <= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        || time.Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? null
            : DateTimeOffset.FromUnixTimeSeconds(time.Seconds).AddTicks(time.Nanos / TimeSpan.NanosecondsPerTick);
}
