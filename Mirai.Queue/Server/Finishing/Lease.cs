using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>How long leases last, and when they are lost (docs/wire.md, "Lease").</summary>
/// <remarks>
/// <para>A lease is an entry of the lease set of a queue: the id of a task that runs and the second at which the hold
/// of its worker ends. A take writes it, every heartbeat moves it on, and the outcome removes it. A worker that dies
/// renews nothing: some time after the end of the lease, a recoverer of any worker takes the task back.</para>
/// <para>The expiry is also the fence. A worker remembers every expiry that it sends
/// (<see cref="TaskLease.Written"/>), and the scripts that renew a lease, store a result or write an outcome do
/// nothing for a task whose lease in Redis is later than that: another worker wrote it, and the task belongs to that
/// worker.</para>
/// <para>A worker gives a task up in two cases. When Redis refuses a renewal, the lease is lost: the attempt is
/// cancelled and nothing is written. When no renewal was confirmed until the end of the lease
/// (<see cref="TaskLease.Confirmed"/>), the lease has run out: the attempt is cancelled and fails, and its outcome
/// counts only if no other worker has taken the task.</para>
/// <para>The syncer holds the leases of tasks that have ended and whose outcome Redis has not confirmed. The heartbeat
/// renews those, too.</para>
/// </remarks>
/// <param name="Duration">How long a lease lasts after each renewal.</param>
/// <param name="Heartbeat">How often leases are renewed and the server state is published.</param>
/// <param name="ServerLifetime">How long a server is listed after its last heartbeat.</param>
/// <param name="RecoveryTolerance">How long after its end a lease is respected, because clocks differ.</param>
internal sealed record LeaseTimes(
    TimeSpan Duration, TimeSpan Heartbeat, TimeSpan ServerLifetime, TimeSpan RecoveryTolerance)
{
    public LeaseTimes(QueueServerOptions options)
        : this(
            options.LeaseDuration, options.HeartbeatInterval, options.ServerLifetime, options.RecoveryTolerance)
    {
    }

    /// <summary>The expiry that a take or a renewal writes now, in Unix seconds.</summary>
    public long Expiry(DateTimeOffset now) => WireTime.ToSeconds(now + Duration);
}

/// <summary>The lease of a task that runs, with everything that the heartbeat needs: the heartbeat tells the attempt
/// when the lease is gone, and shows the task to inspectors.</summary>
internal abstract class RunningLease(
    string queue, TaskMessage message, long expiry, DateTimeOffset startedAt, DateTimeOffset deadline,
    object? member)
    : TaskLease(queue, message.Id, expiry, member)
{
    public TaskMessage Message { get; } = message;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>When the attempt is cancelled because it takes too long.</summary>
    public DateTimeOffset Deadline { get; } = deadline;

    /// <summary>No renewal was confirmed before the lease ended: any worker may take the task.</summary>
    public abstract void OnExpired();

    /// <summary>Redis refused a renewal: the task belongs to another worker.</summary>
    public abstract void OnLost();
}
