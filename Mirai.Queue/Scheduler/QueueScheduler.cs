using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Scheduler;

/// <summary>Enqueues periodic tasks. Any number of schedulers may have the same ones; none of them leads.</summary>
internal sealed partial class QueueScheduler : IHostedService, IQueueScheduler
{
    // Redis answers in milliseconds or is away; hooks are the application's.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClearTimeout = TimeSpan.FromSeconds(2);

    private readonly SchedulerServices services;
    private readonly PeriodicTaskSources sources;
    private readonly SchedulerName name = SchedulerName.Create();
    private readonly ILogger logger;
    private readonly PassLoop sync;
    private readonly PassLoop heartbeat;
    private volatile IReadOnlyList<RunningEntry> running = [];

    public QueueScheduler(PeriodicTaskSources sources, SchedulerServices services)
    {
        this.services = services;
        this.sources = sources;
        logger = services.Loggers.CreateLogger<QueueScheduler>();
        sync = new PassLoop("Asking for periodic tasks", SyncAsync, services);
        heartbeat = new PassLoop("Showing the scheduler's entries", BeatAsync, services);
    }

    public IReadOnlyList<PeriodicEntryInfo> Entries => [.. running.Select(entry => entry.Runner.ToInfo())];

    /// <summary>The loops that do not go on.</summary>
    public IEnumerable<string> StuckLoops => running.Select(entry => entry.Loop).Append(sync).Append(heartbeat)
        .Where(loop => loop.Pulse.IsStuck).Select(loop => loop.Name);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // What is wrong stops the program here. Nothing waits for Redis to be there.
        await ApplyAsync(await sources.LoadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        heartbeat.Start(TimeSpan.Zero);
        sync.Start(services.Options.SyncInterval);
        LogStarted(logger, running.Count);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // No new entries, then no new ticks; the entries are shown until the last tick is done.
        await sync.StopAsync(StopPatience).ConfigureAwait(false);
        await Task.WhenAll(running.Select(entry => entry.Loop.StopAsync(StopPatience))).ConfigureAwait(false);
        await heartbeat.StopAsync(StopPatience).ConfigureAwait(false);
        await ClearAsync(running, entriesToo: true).ConfigureAwait(false);
        LogStopped(logger);
    }

    /// <summary>One heartbeat.</summary>
    /// <returns>How long until the next one.</returns>
    internal async Task<TimeSpan> BeatAsync(CancellationToken cancellationToken)
    {
        var interval = services.Options.HeartbeatInterval;
        await services.Store.WriteEntriesAsync(
            name, [.. running.Select(entry => entry.Runner.Entry.ToMessage(entry.Runner.Times))], 2 * interval)
            .ConfigureAwait(false);
        services.Health.Succeeded();

        return interval;
    }

    /// <summary>Asks for periodic tasks again.</summary>
    /// <returns>How long until the next time.</returns>
    internal async Task<TimeSpan> SyncAsync(CancellationToken cancellationToken)
    {
        await ApplyAsync(await sources.ReloadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return services.Options.SyncInterval;
    }

    private async Task ApplyAsync(IReadOnlyList<PeriodicEntry> wanted)
    {
        var before = running.ToDictionary(entry => entry.Runner.Entry.Signature);
        var signatures = wanted.Select(entry => entry.Signature).ToHashSet();
        List<RunningEntry> gone = [.. running.Where(entry => !signatures.Contains(entry.Runner.Entry.Signature))];

        // The old ones first: one that only changed goes on where it was.
        await Task.WhenAll(gone.Select(entry => entry.Loop.StopAsync(StopPatience))).ConfigureAwait(false);
        List<RunningEntry> added = [];
        running = [.. wanted.Select(entry => before.TryGetValue(entry.Signature, out var same) ? same : Add(entry))];
        added.ForEach(entry => entry.Loop.Start(TimeSpan.Zero));
        await ClearAsync(gone, entriesToo: false).ConfigureAwait(false);

        RunningEntry Add(PeriodicEntry entry)
        {
            var runner = new EntryRunner(entry, services);
            var begun = new RunningEntry(
                runner, new PassLoop($"Periodic task {entry.Key.Name}", runner.RunOnceAsync, services));
            added.Add(begun);
            LogAdded(logger, entry.Key.Name, entry.Spec, entry.Key.Queue);

            return begun;
        }
    }

    // What cannot be cleared expires by itself.
    private async Task ClearAsync(IReadOnlyList<RunningEntry> gone, bool entriesToo)
    {
        try
        {
            await Task.WhenAll(
                services.Store.ClearHistoryAsync([.. gone.Select(entry => entry.Runner.Entry.Id)]),
                entriesToo ? services.Store.ClearEntriesAsync(name) : Task.CompletedTask)
                .WaitAsync(ClearTimeout, services.Time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotCleared(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Scheduling {Count} periodic tasks")]
    private static partial void LogStarted(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Periodic task {Name}: {Spec}, to queue {Queue}")]
    private static partial void LogAdded(ILogger logger, string name, string spec, string queue);

    [LoggerMessage(Level = LogLevel.Information, Message = "The scheduler has stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The scheduler could not take its entries off the list ({Reason}); they expire")]
    private static partial void LogNotCleared(ILogger logger, string reason);
}
