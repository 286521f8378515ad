using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>A task on its way into Redis, and what became of it.</summary>
internal sealed class NewTask(
    TaskMessage message, bool hasOwnId, DateTimeOffset? processAt, TimeSpan lockLifetime, byte[]? encoded = null)
{
    public TaskMessage Message { get; } = message;

    /// <summary>The message as bytes. Encoded once, by the caller's thread and not by the one that sends.</summary>
    public byte[] Encoded { get; } = encoded ?? message.ToByteArray();

    /// <summary>The id was chosen by the caller, so another task may have it; a random one is nobody else's.</summary>
    public bool HasOwnId { get; } = hasOwnId;

    /// <summary>When it is due; <see langword="null"/> for now.</summary>
    public DateTimeOffset? ProcessAt { get; } = processAt;

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

    /// <summary>Records the store's answer. Stored is stored: the late answer to an earlier attempt, which met its
    /// own task, changes nothing.</summary>
    public void Settle(EnqueueStatus status, string? lockOwner = null)
    {
        if (Status != EnqueueStatus.Enqueued)
        {
            LockOwner = lockOwner;
            Status = status;
        }
    }
}
