using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Servers, schedulers and nodes of a cluster.</summary>
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

    public async Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulerEntriesAsync(
        CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var entries = await ReadAllAsync(database, SharedKeys.Schedulers, key => database.ListRangeAsync(key))
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        var read = entries.Select(value => TryRead(value, SchedulerEntry.Parser)).OfType<SchedulerEntry>();

        return [.. read.Select(ToEntry)];
    }

    public async Task<Page<SchedulerEventInfo>> ListSchedulerEventsAsync(
        string entryId, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entryId);
        var page = paging ?? Paging.Default;
        var first = page.First;
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var events = await database
            .SortedSetRangeByRankAsync(
                SharedKeys.SchedulerHistory(entryId), first, first + page.Size - 1, Order.Descending)
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        var read = events.Select(value => TryRead((byte[])value!, SchedulerEnqueueEvent.Parser))
            .OfType<SchedulerEnqueueEvent>()
            .Select(done => new SchedulerEventInfo(done.TaskId, ToTime(done.EnqueueTime) ?? DateTimeOffset.UnixEpoch));

        return new Page<SchedulerEventInfo>([.. read], page.CursorAfter(events.Length));
    }

    internal static SchedulerEntryInfo ToEntry(SchedulerEntry entry)
    {
        var payload = entry.TaskPayload.IsEmpty ? default(ReadOnlyMemory<byte>?) : entry.TaskPayload.Memory;
        var options = EnqueueOptionReader.Read(entry.EnqueueOptions, out var unreadable);
        var problem = unreadable is not null
            ? $"The option '{unreadable}' of the scheduler entry cannot be read."
            : string.IsNullOrWhiteSpace(entry.TaskType) ? "The scheduler entry has no type." : null;

        return new SchedulerEntryInfo
        {
            Id = entry.Id,
            Spec = entry.Spec,
            Type = entry.TaskType,
            Payload = payload,
            Options = [.. entry.EnqueueOptions],
            Next = ToTime(entry.NextEnqueueTime),
            Previous = ToTime(entry.PrevEnqueueTime),
            Queue = EnqueueOptionReader.ReadQueue(entry.EnqueueOptions),
            Task = problem is null ? new QueueTask(entry.TaskType, payload, options) : null,
            TaskProblem = problem,
        };
    }

    public int GetClusterKeySlot(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);

        return ClusterSlot.Of(QueueKeys.Of(queue).Pending);
    }

    public async Task<IReadOnlyList<ClusterNodeInfo>> ListClusterNodesAsync(
        string queue, CancellationToken cancellationToken = default)
    {
        var slot = GetClusterKeySlot(queue);
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);

        // The connection's own knowledge: CLUSTER NODES needs an administrator's permission.
        var server = multiplexer.GetServers().FirstOrDefault(node => node.ClusterConfiguration is not null);
        var primary = server?.ClusterConfiguration!.GetBySlot(slot);

        return primary is null ? [] : [.. primary.Children.Prepend(primary).Select(node => ToNode(node, server!))];
    }

    // A node may not know the address by which clients reach it.
    private static ClusterNodeInfo ToNode(ClusterNode node, IServer server) => new(
        node.NodeId, EndPointCollection.ToString(node.IsMyself ? server.EndPoint : node.EndPoint!));

    /// <summary>Reads the values of all keys on an index that have not expired. Expired keys are taken off the index,
    /// as all of Asynq's readers do.</summary>
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

    // Go's zero time, year 1, means "never". So does a time outside DateTimeOffset's range.
    private static DateTimeOffset? ToTime(Timestamp? time) => time is null
        || time.Seconds <= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        || time.Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? null
            : DateTimeOffset.FromUnixTimeSeconds(time.Seconds).AddTicks(time.Nanos / TimeSpan.NanosecondsPerTick);
}
