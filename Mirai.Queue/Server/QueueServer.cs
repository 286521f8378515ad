using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Finishing;

namespace Mirai.Queue.Server;

/// <summary>Takes tasks from queues and runs them, and keeps the queues in order: starts and stops the parts of the
/// server.</summary>
internal sealed partial class QueueServer(QueueServerServices services, QueueServerSetup setup)
    : IHostedService, IQueueServer
{
    // When the handlers are done, at most a batch or two of outcomes is left to write.
    private static readonly TimeSpan WriteBackTimeout = TimeSpan.FromSeconds(5);

    private readonly QueueServerParts parts = new(services, setup);
    private readonly QueueServerOptions options = setup.Options;
    private readonly TimeProvider time = services.Time;
    private readonly ILogger logger = services.Loggers.CreateLogger<QueueServer>();
    private readonly Lock gate = new();
    private Task? stopped;

    /// <summary>The parts of the server; tests run them one by one.</summary>
    internal QueueServerParts Parts => parts;

    public int ActiveTasks => parts.Running.Count;

    public DateTimeOffset? RedisAwaySince => parts.Health.AwaySince;

    /// <summary>Why the server asks for no tasks; <see langword="null"/> when it does ask.</summary>
    public string? WhyNotFetching => parts.Identity.Status switch
    {
        not ServerStatus.Active => $"The worker takes no tasks: it is {parts.Identity.Status}.",
        _ when parts.Health.AwayReason is { } reason => reason,
        _ when !parts.Processor.HasAsked => "The worker has not asked for tasks yet.",
        _ => null,
    };

    /// <summary>The names of the loops that are stuck or have ended.</summary>
    public IEnumerable<string> StuckLoops => parts.Loops.Where(loop => loop.Pulse.IsStuck).Select(loop => loop.Name);

    /// <summary>Starts the server. A second call has no effect, and neither has a call after the stop or while the
    /// host already stops: a server runs once.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (stopped is null && !cancellationToken.IsCancellationRequested
                && parts.Identity.Status == ServerStatus.New)
            {
                StartParts();
            }
            else
            {
                LogNotStarted(logger, parts.Identity.Status);
            }
        }

        return Task.CompletedTask;
    }

    private void StartParts()
    {
        parts.Identity.Status = ServerStatus.Active;

        // The heartbeater first: the server is listed before it takes a task. The syncer before the first outcome. The
        // recoverer and the forwarder before the processor: old tasks go first. No part waits for Redis here.
        parts.Threads.Start();
        parts.Advisor.Start();
        parts.Heartbeater.Start();
        parts.Subscriber.Start();
        parts.Syncer.Start();
        parts.Recoverer.Start();
        parts.CrashWatch?.Start();
        parts.Forwarder.Start();
        parts.Watcher.Start();
        parts.Processor.Start();
        parts.Janitor.Start();
        parts.Reclaimer.Start();
        parts.Aggregator?.Start();
        LogStarted(logger, options.Concurrency, parts.Queues.Current.Entries);
    }

    /// <summary>Applies new settings of queues and limits; other settings apply from the next start.</summary>
    public void Apply(QueueServerOptions settings)
    {
        if (parts.Queues.Apply(settings))
        {
            LogChanged(logger, parts.Queues.Current.Entries);
        }
    }

    public async Task StopTakingAsync()
    {
        await parts.Processor.StopAsync().ConfigureAwait(false);
        if (parts.Identity.Status == ServerStatus.Active)
        {
            parts.Identity.Status = ServerStatus.Stopped;
            LogStopped(logger);
        }
    }

    /// <summary>Stops the server. A second call returns the task of the first.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return stopped ??= StopPartsAsync(cancellationToken);
        }
    }

    private async Task StopPartsAsync(CancellationToken cancellationToken)
    {
        parts.Identity.Status = ServerStatus.Closed;
        LogStopping(logger, parts.Running.Count, options.ShutdownTimeout);

        // No new tasks: none becomes pending through this server, and none is taken. A take that is under way may
        // still bring tasks, which are requeued; meanwhile the handlers go on.
        var deadline = time.GetUtcNow() + options.ShutdownTimeout;
        var aggregator = parts.Aggregator?.StopAsync() ?? Task.CompletedTask;
        await parts.Forwarder.StopAsync().ConfigureAwait(false);
        await CompletesAsync(parts.Processor.StopAsync(), deadline, cancellationToken).ConfigureAwait(false);
        await FinishRunningAsync(deadline, cancellationToken).ConfigureAwait(false);

        await CompletesAsync(aggregator, time.GetUtcNow() + WriteBackTimeout, cancellationToken).ConfigureAwait(false);

        // The recoverer before the syncer, whose leases it reads. The syncer after the handlers, whose outcomes it
        // writes.
        await parts.Recoverer.StopAsync().ConfigureAwait(false);
        await (parts.CrashWatch?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        await parts.Syncer.StopAsync(WriteBackTimeout, time).ConfigureAwait(false);
        await parts.Subscriber.StopAsync().ConfigureAwait(false);
        await parts.Watcher.StopAsync().ConfigureAwait(false);
        await parts.Janitor.StopAsync().ConfigureAwait(false);
        await parts.Reclaimer.StopAsync().ConfigureAwait(false);
        await parts.Advisor.StopAsync().ConfigureAwait(false);
        parts.Runner.Dispose();

        // The heartbeater last: it renewed the leases of all parts above.
        await parts.Heartbeater.StopAsync().ConfigureAwait(false);
        parts.Threads.Stop();
        LogClosed(logger);
    }

    private async Task FinishRunningAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        if (await CompletesAsync(parts.Running.WhenEmpty(), deadline, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        LogInterrupted(logger, parts.Runner.Interrupt(), options.ShutdownTimeout);

        // Each handler ends within its grace period or is abandoned; one second more for its outcome.
        var end = time.GetUtcNow() + options.CancellationGrace + TimeSpan.FromSeconds(1);
        await CompletesAsync(parts.Running.WhenEmpty(), end, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> CompletesAsync(Task task, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var left = deadline - time.GetUtcNow();
        try
        {
            await task.WaitAsync(left > TimeSpan.Zero
                ? left : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The server started; it serves queues {Queues} with {Concurrency} slots")]
    private static partial void LogStarted(ILogger logger, int concurrency, IReadOnlyList<string> queues);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The server does not start: it is {Status}, or the host stops. A server starts once; build a new " +
            "host to start another")]
    private static partial void LogNotStarted(ILogger logger, string status);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The settings of queues or limits changed; the server now serves queues {Queues}")]
    private static partial void LogChanged(ILogger logger, IReadOnlyList<string> queues);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server takes no more tasks; running tasks go on")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The server stops; {Count} tasks still run and have {Timeout} to end")]
    private static partial void LogStopping(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} tasks still ran after the shutdown timeout of {Timeout}; they were cancelled and are " +
            "requeued")]
    private static partial void LogInterrupted(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server stopped")]
    private static partial void LogClosed(ILogger logger);
}
