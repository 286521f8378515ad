using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Publishes the state of the server and its running tasks, and renews their leases.</summary>
/// <param name="store">Redis.</param>
/// <param name="identity">The server to publish.</param>
/// <param name="running">Lists the tasks that run now.</param>
/// <param name="syncer">Holds the leases of tasks whose outcome is not written yet.</param>
/// <param name="times">The durations of leases.</param>
/// <param name="health">Whether Redis answers; repeats a pass while it does not.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Heartbeater(
    IQueueStore store, ServerIdentity identity, Func<IReadOnlyList<RunningLease>> running, Syncer syncer,
    LeaseTimes times, RedisHealth health, TimeProvider time, ILogger<Heartbeater> logger)
    : Loop(health, time, logger)
{
    // One script call takes Redis less than a millisecond.
    private const int MaxRenewalsPerCall = 500;

    private static readonly TimeSpan ClearTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = logger;

    /// <summary>Publishes the server at once, because it serves other queues now.</summary>
    public void OnQueuesChanged() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        CancelExpired();
        var leases = running().Concat(syncer.Leases()).GroupBy(lease => lease.Queue);
        var renewals = leases.SelectMany(
            queue => queue.Chunk(MaxRenewalsPerCall).Select(chunk => RenewAsync(queue.Key, chunk)));
        await Task.WhenAll([.. renewals, WriteStateAsync()]).ConfigureAwait(false);

        return times.Heartbeat;
    }

    /// <summary>Ends the loop and removes the server from the list.</summary>
    protected override async Task EndAsync()
    {
        await base.EndAsync().ConfigureAwait(false);
        try
        {
            await store.ClearServerStateAsync(State()).WaitAsync(ClearTimeout, Time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotCleared(logger, exception.Message); // the entry expires by itself
        }
    }

    // While Redis is away, only this part of a pass succeeds, once per attempt to reach Redis.
    private void CancelExpired()
    {
        var now = WireTime.ToSeconds(Time.GetUtcNow());
        foreach (var task in running().Where(task => task.Confirmed < now))
        {
            LogExpired(logger, task.TaskId, task.Queue);
            task.OnExpired();
        }
    }

    private async Task RenewAsync(string queue, TaskLease[] leases)
    {
        var expiry = times.Expiry(Time.GetUtcNow());
        var renewals = Array.ConvertAll(
            leases, lease => new LeaseRenewal(lease.TaskId, lease.BeginRenewal(expiry), lease.Member));
        var lost = (await store.ExtendLeaseAsync(queue, renewals, expiry).ConfigureAwait(false)).ToHashSet();
        for (var i = 0; i < leases.Length; i++)
        {
            if (!lost.Contains(i))
            {
                leases[i].ConfirmRenewal(expiry);
            }
            else if (leases[i] is RunningLease task)
            {
                // Harmless for an attempt that has ended, whose outcome was written meanwhile.
                task.OnLost();
            }
        }
    }

    private Task WriteStateAsync() => store.WriteServerStateAsync(State(), times.ServerLifetime);

    private ServerState State()
    {
        var tasks = running();
        return new ServerState(identity.ToInfo(tasks.Count), [.. tasks.Select(identity.ToWorker)]);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The lease of task {TaskId} of queue {Queue} ran out, because Redis confirmed no renewal in time; " +
            "the attempt is cancelled, and the task may run on another worker")]
    private static partial void LogExpired(ILogger logger, string taskId, string queue);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The stopped server could not be removed from the list of servers ({Reason}); its entry expires " +
            "within seconds")]
    private static partial void LogNotCleared(ILogger logger, string reason);
}
