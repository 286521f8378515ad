using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Servers;

/// <summary>A process that runs tasks: the part of it that the caller may see.</summary>
internal sealed record ServerResponse
{
    public required string Id { get; init; }

    public required string Host { get; init; }

    public required int Pid { get; init; }

    /// <summary>How many tasks it runs at the same time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>The queues it serves, with their priorities.</summary>
    public required IReadOnlyDictionary<string, int> Queues { get; init; }

    /// <summary>It empties the queue of highest priority first.</summary>
    public required bool StrictPriority { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary><c>active</c>, for instance, or <c>stopped</c>: it takes nothing more.</summary>
    public required string State { get; init; }

    /// <summary>What it runs.</summary>
    public required IReadOnlyList<RunningTaskResponse> Tasks { get; init; }

    /// <summary>The part of a server that a caller may see; <see langword="null"/> when that is nothing.</summary>
    public static ServerResponse? From(QueueServerInfo server, Caller caller)
    {
        var shown = new ServerResponse
        {
            Id = server.Id,
            Host = server.Host,
            Pid = server.ProcessId,
            Concurrency = server.Concurrency,
            Queues = server.Queues.Where(queue => caller.MayUseQueue(queue.Key)).ToDictionary(),
            StrictPriority = server.StrictPriority,
            StartedAt = server.Started,
            State = server.Status,
            Tasks =
            [
                .. server.ActiveTasks.Where(task => caller.MayUseQueue(task.Queue) && caller.MayUseType(task.Type))
                    .Select(RunningTaskResponse.From),
            ],
        };

        return shown.Queues.Count + shown.Tasks.Count > 0 || server.Queues.Count == 0 ? shown : null;
    }
}

/// <summary>A task that a server runs.</summary>
internal sealed record RunningTaskResponse
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Queue { get; init; }

    /// <summary>When this attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this attempt must have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public static RunningTaskResponse From(ActiveTaskInfo task) => new()
    {
        Id = task.TaskId,
        Type = task.Type,
        Queue = task.Queue,
        StartedAt = task.Started,
        Deadline = task.Deadline,
    };
}
