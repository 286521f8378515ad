namespace Mirai.Queue;

/// <summary>A server: a process that runs tasks.</summary>
public sealed class QueueServerInfo
{
    /// <summary>The server's id.</summary>
    public required string Id { get; init; }

    /// <summary>The host name of the server's machine.</summary>
    public required string Host { get; init; }

    /// <summary>The id of the server's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Number of tasks that the server runs at the same time, at most.</summary>
    public required int Concurrency { get; init; }

    /// <summary>The queues that the server takes tasks from, with their weights.</summary>
    public required IReadOnlyDictionary<string, int> Queues { get; init; }

    /// <summary>Whether the server takes tasks of a queue only while all queues of greater weight are empty.</summary>
    public required bool StrictPriority { get; init; }

    /// <summary>When the server started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary><c>new</c>, <c>active</c>, <c>stopped</c> (takes no more tasks) or <c>closed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The tasks that the server runs, the one started first first.</summary>
    public required IReadOnlyList<ActiveTaskInfo> ActiveTasks { get; init; }
}

/// <summary>A task that a server runs.</summary>
public sealed class ActiveTaskInfo
{
    /// <summary>The task's id.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's type.</summary>
    public required string Type { get; init; }

    /// <summary>The task's payload; <see langword="null"/> when it has none.</summary>
    public required ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>The task's queue.</summary>
    public required string Queue { get; init; }

    /// <summary>When this attempt started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When this attempt must have ended; <see langword="null"/> when the server does not record
    /// it.</summary>
    public required DateTimeOffset? Deadline { get; init; }
}

/// <summary>A node of a Redis Cluster.</summary>
/// <param name="id">The node's id in the cluster.</param>
/// <param name="address">Host and port.</param>
public sealed class ClusterNodeInfo(string id, string address)
{
    /// <summary>The node's id in the cluster.</summary>
    public string Id { get; } = id;

    /// <summary>Host and port.</summary>
    public string Address { get; } = address;
}
