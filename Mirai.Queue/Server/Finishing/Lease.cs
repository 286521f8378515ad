using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>How long leases last, and when they are lost (docs/wire.md, "Lease").</summary>
/// <remarks>
/// <para>A lease is an entry of the lease set of a queue: the id of a task that runs and the second at which the hold
/// of its worker ends. A take writes it, every heartbeat moves it on, and the outcome removes it. Time decides when
/// others may take the task over: a recoverer does some time after the end of the lease, and the crash watch as soon
/// as it is certain that the worker died.</para>
/// <para>Time never decides who owns a task. Every take has a token, which is the fraction of the score
/// (<see cref="LeaseStamp"/>); the scripts that renew a lease, store a result or write an outcome do nothing unless
/// the lease in Redis has the token of the worker's own take. Another take has another token, and a Go worker writes
/// none. No clock is compared between processes, and a renewal that was refused or got lost gives no right.</para>
/// <para>Only Redis says that a task is lost, by refusing a renewal: the attempt is cancelled and nothing is written.
/// While Redis is away, attempts go on, even past the end of their lease; when Redis is back, the next renewal tells
/// whether the task is still this worker's.</para>
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

    /// <summary>What a take writes now.</summary>
    public LeaseStamp NextTake(DateTimeOffset now) => LeaseStamp.Next(Expiry(now));

    /// <summary>The expiry that a renewal writes now, in Unix seconds.</summary>
    public long Expiry(DateTimeOffset now) => WireTime.ToSeconds(now + Duration);
}

/// <summary>The lease of a task that runs, with everything that the heartbeat needs: the heartbeat tells the attempt
/// when the lease is gone, and shows the task to inspectors.</summary>
internal abstract class RunningLease(
    string queue, TaskMessage message, LeaseStamp take, DateTimeOffset startedAt, DateTimeOffset deadline,
    object? member)
    : TaskLease(queue, message.Id, take, member)
{
    public TaskMessage Message { get; } = message;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>When the attempt is cancelled because it takes too long.</summary>
    public DateTimeOffset Deadline { get; } = deadline;

    /// <summary>Redis refused a renewal: the task belongs to another worker.</summary>
    public abstract void OnLost();
}
