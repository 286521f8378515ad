using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Shows the server and its running tasks to inspectors, and renews leases.</summary>
internal sealed partial class Heartbeater(
    IQueueStore store, ServerIdentity identity, RunningTasks running, Syncer syncer, LeaseTimes times,
    RedisHealth health, TimeProvider time, ILogger<Heartbeater> logger)
    : Loop(health, time, logger)
{
    // One script call stays below a millisecond of Redis' time.
    private const int MostRenewals = 500;

    private static readonly TimeSpan ClearTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = logger;

    /// <summary>The server serves other queues now.</summary>
    public void OnQueuesChanged() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        CancelExpired();
        var leases = running.Snapshot().Concat(syncer.Leases()).GroupBy(lease => lease.Queue);
        var renewals = leases.SelectMany(
            queue => queue.Chunk(MostRenewals).Select(chunk => RenewAsync(queue.Key, chunk)));
        await Task.WhenAll([.. renewals, WriteStateAsync()]).ConfigureAwait(false);

        return times.Heartbeat;
    }

    /// <summary>Ends the loop and takes the server off the list.</summary>
    protected override async Task EndAsync()
    {
        await base.EndAsync().ConfigureAwait(false);
        try
        {
            await store.ClearServerStateAsync(State()).WaitAsync(ClearTimeout, Time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotCleared(logger, exception.Message); // it expires by itself
        }
    }

    // While Redis is away this is all that happens, once per attempt to reach it.
    private void CancelExpired()
    {
        var now = WireTime.ToSeconds(Time.GetUtcNow());
        foreach (var attempt in running.Snapshot().Where(attempt => attempt.Confirmed < now))
        {
            LogExpired(logger, attempt.TaskId);
            attempt.Cancel(CancelReason.LeaseExpired);
        }
    }

    private async Task RenewAsync(string queue, TaskLease[] leases)
    {
        var expiry = WireTime.ToSeconds(Time.GetUtcNow() + times.Duration);
        var renewals = Array.ConvertAll(
            leases, lease => new LeaseRenewal(lease.TaskId, lease.BeginRenewal(expiry), lease.Member));
        var lost = (await store.ExtendLeaseAsync(queue, renewals, expiry).ConfigureAwait(false)).ToHashSet();
        for (var i = 0; i < leases.Length; i++)
        {
            if (!lost.Contains(i))
            {
                leases[i].ConfirmRenewal(expiry);
            }
            else if (leases[i] is TaskAttempt attempt)
            {
                // It may have ended and been written back in the meantime; then this does nothing.
                attempt.Cancel(CancelReason.LeaseLost);
            }
        }
    }

    private Task WriteStateAsync() => store.WriteServerStateAsync(State(), times.ServerLifetime);

    private ServerState State()
    {
        var attempts = running.Snapshot();
        return new ServerState(
            identity.ToInfo(attempts.Count), attempts.ConvertAll(attempt => identity.ToWorker(attempt)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of task {TaskId} ran out; its attempt is cancelled")]
    private static partial void LogExpired(ILogger logger, string taskId);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The server could not take itself off the list ({Reason}); it disappears from there within seconds")]
    private static partial void LogNotCleared(ILogger logger, string reason);
}
