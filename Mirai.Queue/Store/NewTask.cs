using System.Diagnostics;
using Google.Protobuf;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>A task to be stored, and its outcome.</summary>
internal sealed class NewTask(
    TaskMessage message, bool hasOwnId, DateTimeOffset? processAt, TimeSpan lockLifetime, byte[]? encoded = null)
{
    // No client repeats an enqueue for longer (QueueOptions.EnqueueTimeout).
    private const int LongestEnqueueSeconds = 600;

    public TaskMessage Message { get; } = message;

    /// <summary>The message as bytes. The caller's thread encodes the message, not the thread that sends it.</summary>
    public byte[] Encoded { get; } = encoded ?? message.ToByteArray();

    /// <summary>The caller chose the id, so another task can have the same id. A random id belongs to no other
    /// task.</summary>
    public bool HasOwnId { get; } = hasOwnId;

    /// <summary>When the task is due; <see langword="null"/> for now.</summary>
    public DateTimeOffset? ProcessAt { get; } = processAt;

    /// <summary>The id stays taken for minutes at least, although the task may run meanwhile: a repeated enqueue meets
    /// the id.</summary>
    public bool LeavesTrace { get; } = message.Retention >= LongestEnqueueSeconds;

    /// <summary>How long the uniqueness lock lasts.</summary>
    public TimeSpan LockLifetime { get; } = lockLifetime;

    public EnqueueRoute Route { get; } = new(
        message.Queue,
        processAt is not null ? Placement.Scheduled : message.GroupKey.Length > 0
            ? Placement.Group : Placement.Pending,
        message.UniqueKey.Length > 0);

    /// <summary>The outcome, once the store has answered.</summary>
    public EnqueueStatus Status { get; private set; } = EnqueueStatus.Unknown;

    /// <summary>The id of the task that holds the lock, for a duplicate.</summary>
    public string? LockOwner { get; private set; }

    /// <summary>Why the outcome is unknown.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Turns a task and its options into what the current layout stores.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names the option.</exception>
    public static NewTask Create(QueueTask task, EnqueueOptions options, DateTimeOffset now)
    {
        EnqueueChecks.Check(task, options, now);
        var message = TaskMessageConverter.ToMessage(task, options);
        if (Activity.Current is { } activity)
        {
            TraceHeaders.Inject(activity, message.Headers);
        }

        var processAt = WireTime.DueTime(options, now);

        return new NewTask(message, options.TaskId is not null, processAt, LockTime(options, processAt, now));
    }

    /// <summary>How long the lock of a task lasts. The lifetime counts from the due time.</summary>
    public static TimeSpan LockTime(EnqueueOptions options, DateTimeOffset? processAt, DateTimeOffset now) =>
        (options.UniqueFor ?? TimeSpan.Zero) + ((processAt ?? now) - now);

    /// <summary>Records the reply of the store. A task that is stored stays stored: when an attempt is repeated, the
    /// late reply can report the id of the task itself as taken.</summary>
    public void Settle(EnqueueStatus status, string? lockOwner = null)
    {
        if (Status != EnqueueStatus.Enqueued)
        {
            LockOwner = lockOwner;
            Status = status;
        }
    }

    /// <summary>Records why there is no reply, unless there is one.</summary>
    public void Fail(Exception exception) => Error = Status == EnqueueStatus.Unknown ? exception : null;
}

/// <summary>New tasks with the same route can share a script call.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Placement">Where the tasks wait.</param>
/// <param name="Unique">The tasks have uniqueness locks.</param>
internal readonly record struct EnqueueRoute(string Queue, Placement Placement, bool Unique);

/// <summary>Where a new task waits.</summary>
internal enum Placement
{
    Pending,
    Scheduled,
    Group,
}
