using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Publishes the state of the server and its running tasks, and renews their leases. A queue whose shard is
/// away, or whose keys are broken, does not keep the others from it.</summary>
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

    // No queue has an empty name.
    private const string Record = "";

    // Redis answers in milliseconds.
    private static readonly TimeSpan SlowStep = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ClearTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = logger;
    private readonly RedisHealth health = health;
    private readonly FaultLog faults = new(time, logger);
    private readonly Dictionary<string, Task> steps = new(StringComparer.Ordinal);
    private readonly PublishedTasks published = new(store, identity);

    /// <summary>Publishes the server at once, because it serves other queues now.</summary>
    public void OnQueuesChanged() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        var pass = new PassFaults(faults, () => health.HasAnsweredSince(began));
        var queues = running().Concat(syncer.Leases()).GroupBy(lease => lease.Queue).ToList();
        faults.KeepOnly([.. queues.Select(queue => queue.Key), Record]);
        foreach (var (key, _) in steps.Where(step => step.Value.IsCompleted).ToList())
        {
            steps.Remove(key);
        }

        foreach (var queue in queues)
        {
            Begin(queue.Key, () => RenewAsync(queue, pass));
        }

        Begin(Record, () => TryAsync(
            Record, "Publishing the server", pass, () => published.WriteAsync(running(), times.ServerLifetime)));
        var all = Task.WhenAll(steps.Values);
        await all.WaitAsync(SlowStep, Time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!pass.IsAnswered)
        {
            await all.ConfigureAwait(false);
        }

        pass.End();
        var left = times.Heartbeat - Time.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }

    // A pass that is under way would list the server again after it was removed.
    protected override TimeSpan StopPatience => ClearTimeout;

    /// <summary>Ends the loop and removes the server from the list.</summary>
    protected override async Task EndAsync()
    {
        await base.EndAsync().ConfigureAwait(false);
        try
        {
            await store.ClearServerStateAsync(identity.ToInfo(0)).WaitAsync(ClearTimeout, Time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotCleared(logger, exception.Message); // the entry expires by itself
        }
    }

    // A step that hangs goes on by itself, and is not begun again meanwhile: the others must not miss a heartbeat.
    private void Begin(string key, Func<Task> step)
    {
        if (!steps.TryGetValue(key, out var last) || last.IsCompleted)
        {
            steps[key] = step();
        }
    }

    private Task RenewAsync(IGrouping<string, TaskLease> queue, PassFaults pass) => Task.WhenAll(
        queue.Chunk(MaxRenewalsPerCall).Select(chunk => TryAsync(
            queue.Key, $"Renewing the leases of queue {queue.Key}", pass, () => RenewAsync(queue.Key, chunk))));

    private static async Task TryAsync(string key, string duty, PassFaults pass, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            pass.Succeeded(key);
        }
        catch (Exception exception)
        {
            pass.Failed(key, duty, exception);
        }
    }

    private async Task RenewAsync(string queue, TaskLease[] leases)
    {
        var expiry = times.Expiry(Time.GetUtcNow());
        foreach (var lost in await store.ExtendLeaseAsync(queue, leases, expiry).ConfigureAwait(false))
        {
            // Harmless for an attempt that has ended, whose outcome was written meanwhile.
            (leases[lost] as RunningLease)?.OnLost();
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The stopped server could not be removed from the list of servers ({Reason}); its entry expires " +
            "within seconds")]
    private static partial void LogNotCleared(ILogger logger, string reason);
}
