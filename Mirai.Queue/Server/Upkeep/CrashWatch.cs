using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Hands the tasks of a worker that died to the others, Go's workers included: seconds after its death instead
/// of a minute, and without counting an attempt. A task whose workers died too often is archived.</summary>
/// <remarks>
/// <para>A task is handed over only when its worker is dead for certain. A server is gone: no heartbeat for longer than
/// a heartbeat's interval, and its record has expired. The lease of the task has not changed for as long as this
/// process has watched it, while every other server has sent a heartbeat, with which it renews all its leases, and
/// none of them publishes the task as running.</para>
/// <para>Only this process' own clock counts, and only changes: no time that another process wrote is compared. When
/// the watch itself was interrupted (Redis was away or slow, the process was paused), everything seen before is
/// forgotten, and nobody is judged until everyone had time for two heartbeats. What the watch cannot judge, the
/// recoverer takes back at the end of the lease.</para>
/// </remarks>
internal sealed partial class CrashWatch(
    ICrashStore store, IQueueStore tasks, ServedQueues queues, QueueServerOptions options, Outcomes outcomes,
    Action<FinishedTask, bool> onWritten, QueueMetrics metrics, RedisHealth health, TimeProvider time,
    ILogger<CrashWatch> logger)
    : Loop(health, time, logger)
{
    private const int LeasesPerQueue = 5_000;
    private const int TasksPerCall = 250;

    // No queue has an empty name.
    private const string ListOfServers = "";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // While no heartbeat is overdue.
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(1.5);

    // A look that takes longer, or comes later, proves nothing about others.
    private static readonly TimeSpan Steadiness = TimeSpan.FromSeconds(2);

    private readonly SeenServers servers = new(store, options.HeartbeatInterval, time);
    private readonly FaultLog faults = new(time, logger);
    private readonly RedisHealth health = health;
    private readonly ILogger logger = logger;
    private readonly SeenLeases leases = new(time);
    private readonly Dictionary<string, Task<IReadOnlyList<SeenLease>?>> looks = new(StringComparer.Ordinal);
    private long steadySince;
    private long? lastPass;
    private bool hasAskedRedis;

    internal override bool HasAskedRedis => hasAskedRedis;

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        if (lastPass is not { } last || Time.GetElapsedTime(last, began) > QuietInterval + Steadiness
            || health.AwaySince is not null)
        {
            Forget(began);
        }

        try
        {
            await servers.LookAsync(began).ConfigureAwait(false);
            if (Time.GetElapsedTime(began) > Steadiness)
            {
                Forget(Time.GetTimestamp());
            }

            await WatchAsync(began, cancellationToken).ConfigureAwait(false);
            lastPass = Time.GetTimestamp();
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            // Other loops report it. In a cluster, only the shard of the list of servers may be away.
            lastPass = null;
        }

        hasAskedRedis = lastPass is not null;
        return servers.HasSuspects(began) ? Interval : QuietInterval;
    }

    private void Forget(long now)
    {
        servers.Clear();
        leases.Clear();
        steadySince = now;
    }

    private async Task WatchAsync(long began, CancellationToken cancellationToken)
    {
        var names = await ChooseAsync(began).ConfigureAwait(false);
        var pass = new PassFaults(faults);
        faults.KeepOnly(names);
        var seen = await LookAsync(names, began, pass).ConfigureAwait(false);
        if (Time.GetElapsedTime(steadySince) >= 2 * options.HeartbeatInterval
            && await servers.AnyIsGoneAsync(began).ConfigureAwait(false))
        {
            foreach (var queue in seen)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await JudgeAsync(queue, began, pass).ConfigureAwait(false);
            }
        }

        pass.Succeeded(ListOfServers); // Redis answered: what did not is a part of it
        pass.End();
    }

    // Looking at the leases of a few queues all the time costs little, and saves seconds when a server dies.
    private async Task<IReadOnlyList<string>> ChooseAsync(long began)
    {
        var names = queues.Names;
        if (names.Count <= QueueAttention.Few)
        {
            return names;
        }

        if (servers.HasSuspects(began) || Time.GetElapsedTime(steadySince, began) < 3 * options.HeartbeatInterval)
        {
            return await tasks.FindUsedAsync(names, QueueUse.Leases).ConfigureAwait(false);
        }

        leases.Clear();
        return [];
    }

    /// <returns>The queues that were looked at. A queue that hangs is not judged, and does not hold up the
    /// others.</returns>
    private async Task<List<string>> LookAsync(IReadOnlyList<string> names, long now, PassFaults pass)
    {
        foreach (var queue in names.Where(queue => !looks.TryGetValue(queue, out var look) || look.IsCompleted))
        {
            looks[queue] = LookAsync(queue, pass);
        }

        await ((Task)Task.WhenAll(looks.Values)).WaitAsync(Steadiness, Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var seen = new List<string>();
        foreach (var (queue, look) in looks.ToList())
        {
            if (!look.IsCompleted || await look.ConfigureAwait(false) is not { } listed)
            {
                leases.Forget(queue);
                continue;
            }

            looks.Remove(queue);
            foreach (var lease in listed)
            {
                leases.Look(queue, lease.TaskId, lease.Score, now);
            }

            leases.KeepOnly(queue, now);
            seen.Add(queue);
        }

        return seen;
    }

    private async Task<IReadOnlyList<SeenLease>?> LookAsync(string queue, PassFaults pass)
    {
        try
        {
            var listed = await store.ListLeasesAsync(queue, LeasesPerQueue).ConfigureAwait(false);
            pass.Succeeded(queue);
            return pass.HasEnded ? null : listed; // a reply that is late proves nothing
        }
        catch (Exception exception)
        {
            pass.Failed(queue, $"{Name} for queue {queue}", exception);
            return null;
        }
    }

    private async Task JudgeAsync(string queue, long now, PassFaults pass)
    {
        try
        {
            var orphans = leases.Find(queue, since => servers.AllBeatSince(since, now));
            foreach (var server in orphans.Count > 0 ? servers.Alive : [])
            {
                var running = await store.FindPublishedAsync(server, orphans.ConvertAll(task => task.TaskId))
                    .ConfigureAwait(false);
                orphans.RemoveAll(task => running.Contains(task.TaskId));
            }

            foreach (var chunk in orphans.Chunk(TasksPerCall))
            {
                await HandOverAsync(queue, chunk).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            pass.Failed(queue, $"{Name} for queue {queue}", exception);
        }
    }

    private async Task HandOverAsync(string queue, SeenLease[] orphans)
    {
        var result = await store.HandOverAsync(queue, orphans, options.CrashLimit).ConfigureAwait(false);
        if (result.Requeued > 0)
        {
            metrics.Recovered(queue, result.Requeued);
            LogHandedOver(logger, result.Requeued, queue);
        }

        if (result.OverLimit.Count == 0)
        {
            return;
        }

        var seen = orphans.ToDictionary(task => task.TaskId, task => task.Score);
        var archived = result.OverLimit.Select(task => outcomes.SetAside(
            TaskLease.Seen(queue, task.TaskId, seen[task.TaskId]), task)).ToList();
        var lost = await tasks.FinishAsync(queue, archived).ConfigureAwait(false);
        for (var i = 0; i < archived.Count; i++)
        {
            if (!lost.Contains(i))
            {
                LogSetAside(logger, archived[i].Lease.TaskId, queue, result.OverLimit[i].Deaths);
                onWritten(archived[i], false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A worker died: {Count} of its tasks of queue {Queue} were requeued, without counting an attempt")]
    private static partial void LogHandedOver(ILogger logger, int count, string queue);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Task {TaskId} of queue {Queue} is archived, because {Deaths} workers died while they ran it. Find " +
            "out what it does to them before you run it again")]
    private static partial void LogSetAside(ILogger logger, string taskId, string queue, int deaths);
}
