using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Scheduler;

/// <summary>Enqueues periodic tasks. Any number of schedulers may have the same ones; none of them leads.</summary>
internal sealed partial class QueueScheduler : IHostedService, IQueueScheduler
{
    /// <summary>How long a stop waits for a pass. Redis answers in milliseconds or is away; hooks are code of the
    /// application.</summary>
    internal static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ClearTimeout = TimeSpan.FromSeconds(2);

    private readonly PeriodicTaskSources sources;
    private readonly ISchedulerStore store;
    private readonly QueueSchedulerOptions options;
    private readonly QueueMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly RedisHealth health;
    private readonly SchedulerName name = SchedulerName.Create();
    private readonly Duty sync;
    private readonly Duty heartbeat;
    private readonly Lock gate = new();
    private volatile IReadOnlyList<EntryRunner> running = [];
    private Task? stopped;

    public QueueScheduler(
        PeriodicTaskSources sources, ISchedulerStore store, QueueSchedulerOptions options, QueueMetrics metrics,
        TimeProvider time, ILoggerFactory loggers)
    {
        (this.sources, this.store, this.options, this.metrics) = (sources, store, options, metrics);
        (this.time, this.loggers, logger) = (time, loggers, loggers.CreateLogger<QueueScheduler>());
        health = new RedisHealth(time, loggers.CreateLogger<RedisHealth>());
        sync = new Duty("Reading the periodic tasks", SyncAsync, options.SyncInterval, asksRedis: false, this);
        heartbeat = new Duty("Publishing the periodic tasks", BeatAsync, TimeSpan.Zero, asksRedis: true, this);
    }

    public IReadOnlyList<PeriodicEntryInfo> Entries => [.. running.Select(entry => entry.ToInfo())];

    /// <summary>The names of the loops that are stuck.</summary>
    public IEnumerable<string> StuckLoops => running.Cast<Loop>().Append(sync).Append(heartbeat)
        .Where(loop => loop.Pulse.IsStuck).Select(loop => loop.Name);

    /// <summary>Starts the scheduler. A call after the stop has no effect: a scheduler runs once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A periodic task that is not valid stops the program here. Nothing waits for Redis.
            await ApplyAsync(await sources.LoadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the host stops while it starts
        }

        if (stopped is not null)
        {
            return;
        }

        heartbeat.Start();
        sync.Start();
        LogStarted(logger, running.Count);
    }

    /// <summary>Stops the scheduler. A second call returns the task of the first.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return stopped ??= EndAsync();
        }
    }

    private async Task EndAsync()
    {
        await Task.Yield(); // out of the lock: from here on no pass adds entries

        // No new entries, then no new ticks; inspectors see the entries until the last tick is done.
        await sync.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(running.Select(entry => entry.StopAsync())).ConfigureAwait(false);
        await heartbeat.StopAsync().ConfigureAwait(false);
        await ClearAsync(running, entriesToo: true).ConfigureAwait(false);
        LogStopped(logger);
    }

    /// <summary>Shows the entries to inspectors.</summary>
    /// <returns>The pause until the next heartbeat.</returns>
    internal async Task<TimeSpan> BeatAsync(CancellationToken cancellationToken)
    {
        var interval = options.HeartbeatInterval;
        var entries = running.Select(entry => entry.Entry.ToMessage(entry.Times));
        await store.WriteEntriesAsync(name, [.. entries], 2 * interval).ConfigureAwait(false);

        return interval;
    }

    /// <summary>Asks the providers for periodic tasks again.</summary>
    /// <returns>The pause until the next time.</returns>
    internal async Task<TimeSpan> SyncAsync(CancellationToken cancellationToken)
    {
        await ApplyAsync(await sources.ReloadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return options.SyncInterval;
    }

    private async Task ApplyAsync(IReadOnlyList<PeriodicEntry> entries)
    {
        var before = running.ToDictionary(entry => entry.Entry.Signature);
        var signatures = entries.Select(entry => entry.Signature).ToHashSet();
        List<EntryRunner> gone = [.. running.Where(entry => !signatures.Contains(entry.Entry.Signature))];

        // The old ones stop first: an entry that only changed goes on where it was.
        await Task.WhenAll(gone.Select(entry => entry.StopAsync())).ConfigureAwait(false);
        if (!TryStart(entries, before))
        {
            return;
        }

        await ClearAsync(gone, entriesToo: false).ConfigureAwait(false);
    }

    // A provider may answer after the stop gave its pass up: then nobody would stop what starts here.
    private bool TryStart(IReadOnlyList<PeriodicEntry> entries, Dictionary<string, EntryRunner> before)
    {
        lock (gate)
        {
            if (stopped is not null)
            {
                return false;
            }

            running = [.. entries.Select(entry => before.GetValueOrDefault(entry.Signature) ?? Add(entry))];
            foreach (var entry in running)
            {
                entry.Start();
            }

            return true;
        }
    }

    private EntryRunner Add(PeriodicEntry entry)
    {
        LogAdded(logger, entry.Key.Name, entry.Spec, entry.Key.Queue);
        return new EntryRunner(entry, store, options, metrics, health, time, loggers.CreateLogger<EntryRunner>());
    }

    // What cannot be cleared expires by itself.
    private async Task ClearAsync(IReadOnlyList<EntryRunner> gone, bool entriesToo)
    {
        try
        {
            await Task.WhenAll(
                store.ClearHistoryAsync([.. gone.Select(entry => entry.Entry.Id)]),
                entriesToo ? store.ClearEntriesAsync(name) : Task.CompletedTask)
                .WaitAsync(ClearTimeout, time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotCleared(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The scheduler started with {Count} periodic tasks")]
    private static partial void LogStarted(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Added periodic task {Name} with spec {Spec} for queue {Queue}")]
    private static partial void LogAdded(ILogger logger, string name, string spec, string queue);

    [LoggerMessage(Level = LogLevel.Information, Message = "The scheduler has stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The entries of this scheduler could not be deleted: {Reason}. Inspectors show them until " +
            "they expire")]
    private static partial void LogNotCleared(ILogger logger, string reason);

    /// <summary>A duty of the scheduler itself, beside those of its entries.</summary>
    private sealed class Duty(
        string name, Func<CancellationToken, Task<TimeSpan>> pass, TimeSpan firstPause, bool asksRedis,
        QueueScheduler owner) : Loop(owner.health, owner.time, owner.logger)
    {
        public override string Name => name;

        protected override TimeSpan FirstPause => firstPause;

        protected override TimeSpan StopPatience => QueueScheduler.StopPatience;

        internal override bool HasAskedRedis => asksRedis;

        internal override Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken) => pass(cancellationToken);
    }
}
