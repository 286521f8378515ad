using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server;

/// <summary>Who a server is, as inspectors show it.</summary>
internal sealed class ServerIdentity(ServedQueues queues, int concurrency, TimeProvider time)
{
    private readonly DateTimeOffset started = time.GetUtcNow();

    public string Host { get; } = HostName.Get();

    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The state as inspectors read it.</summary>
    public volatile string Status = ServerStatus.New;

    public ServerInfo ToInfo(int activeWorkers)
    {
        var served = queues.Current;
        var info = new ServerInfo
        {
            Host = Host,
            Pid = Environment.ProcessId,
            ServerId = Id,
            Concurrency = concurrency,
            StrictPriority = served.IsStrict,
            Status = Status,
            StartTime = Timestamp.FromDateTimeOffset(started),
            ActiveWorkerCount = activeWorkers,
        };
        info.Queues.Add(served.Weights.ToDictionary());

        return info;
    }

    public WorkerInfo ToWorker(TaskAttempt attempt) => new()
    {
        Host = Host,
        Pid = Environment.ProcessId,
        ServerId = Id,
        TaskId = attempt.TaskId,
        TaskType = attempt.Message.Type,
        TaskPayload = attempt.Message.Payload,
        Queue = attempt.Queue,
        StartTime = Timestamp.FromDateTimeOffset(attempt.StartedAt),
        Deadline = Timestamp.FromDateTimeOffset(attempt.Deadline),
    };
}
