using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>The names and the state of a server, as inspectors show them.</summary>
/// <param name="concurrency">How many tasks the server runs at once.</param>
/// <param name="queues">Reads the weights of the served queues and whether their order is strict.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerIdentity(
    int concurrency, Func<(IReadOnlyDictionary<string, int> Weights, bool IsStrict)> queues, TimeProvider time)
{
    private readonly DateTimeOffset started = time.GetUtcNow();

    public string Host { get; } = HostName.Get();

    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>One of the words of <see cref="ServerStatus"/>.</summary>
    public volatile string Status = ServerStatus.New;

    public ServerInfo ToInfo(int activeWorkers)
    {
        var (weights, isStrict) = queues();
        var info = new ServerInfo
        {
            Host = Host,
            Pid = Environment.ProcessId,
            ServerId = Id,
            Concurrency = concurrency,
            StrictPriority = isStrict,
            Status = Status,
            StartTime = Timestamp.FromDateTimeOffset(started),
            ActiveWorkerCount = activeWorkers,
        };
        info.Queues.Add(weights.ToDictionary());

        return info;
    }

    public WorkerInfo ToWorker(RunningLease task) => new()
    {
        Host = Host,
        Pid = Environment.ProcessId,
        ServerId = Id,
        TaskId = task.TaskId,
        TaskType = task.Message.Type,
        TaskPayload = task.Message.Payload,
        Queue = task.Queue,
        StartTime = Timestamp.FromDateTimeOffset(task.StartedAt),
        Deadline = Timestamp.FromDateTimeOffset(task.Deadline),
    };
}

/// <summary>States of a server, in Asynq's words (docs/wire.md, "ServerInfo").</summary>
internal static class ServerStatus
{
    public const string New = "new";
    public const string Active = "active";
    public const string Stopped = "stopped";
    public const string Closed = "closed";
}
