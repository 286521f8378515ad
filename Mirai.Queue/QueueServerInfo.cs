namespace Mirai.Queue;

/// <summary>A server: a process that runs tasks.</summary>
public sealed class QueueServerInfo
{
    internal QueueServerInfo()
    {
    }

    /// <summary>The server's id.</summary>
    public string Id { get; internal init; } = "";

    /// <summary>The host name of the server's machine.</summary>
    public string Host { get; internal init; } = "";

    /// <summary>The id of the server's process.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>Number of tasks that the server runs at the same time, at most.</summary>
    public int Concurrency { get; internal init; }

    /// <summary>The queues that the server takes tasks from, with their weights.</summary>
    public IReadOnlyDictionary<string, int> Queues { get; internal init; } = new Dictionary<string, int>();

    /// <summary>Whether the server takes tasks of a queue only while all queues of greater weight are empty.</summary>
    public bool StrictPriority { get; internal init; }

    /// <summary>When the server started.</summary>
    public DateTimeOffset Started { get; internal init; }

    /// <summary><c>new</c>, <c>active</c>, <c>stopped</c> (takes no more tasks) or <c>closed</c>.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>The tasks that the server runs, the one started first first.</summary>
    public IReadOnlyList<ActiveTaskInfo> ActiveTasks { get; internal init; } = [];
}

/// <summary>A task that a server runs.</summary>
public sealed class ActiveTaskInfo
{
    internal ActiveTaskInfo()
    {
    }

    /// <summary>The task's id.</summary>
    public string TaskId { get; internal init; } = "";

    /// <summary>The task's type.</summary>
    public string Type { get; internal init; } = "";

    /// <summary>The task's payload; <see langword="null"/> when it has none.</summary>
    public ReadOnlyMemory<byte>? Payload { get; internal init; }

    /// <summary>The task's queue.</summary>
    public string Queue { get; internal init; } = "";

    /// <summary>When this attempt started.</summary>
    public DateTimeOffset Started { get; internal init; }

    /// <summary>When this attempt must have ended; <see langword="null"/> when the server does not record
    /// it.</summary>
    public DateTimeOffset? Deadline { get; internal init; }
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
