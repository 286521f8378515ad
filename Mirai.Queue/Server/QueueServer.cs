using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Server;

/// <summary>Takes tasks from queues and runs them, with everything that keeps the queues in order meanwhile.</summary>
internal sealed partial class QueueServer(
    QueueServerParts parts, QueueServerOptions options, TimeProvider time, ILogger<QueueServer> logger)
    : IHostedService, IQueueServer
{
    // What is left to write after the handlers are done is at most a batch or two.
    private static readonly TimeSpan WriteBackTimeout = TimeSpan.FromSeconds(5);

    public int ActiveTasks => parts.Running.Count;

    public DateTimeOffset? RedisAwaySince => parts.Health.AwaySince;

    /// <summary>What keeps the server from asking for tasks; <see langword="null"/> when nothing does.</summary>
    public string? WhyNotFetching => parts.Identity.Status switch
    {
        not ServerStatus.Active => $"The worker takes no tasks: it is {parts.Identity.Status}.",
        _ when RedisAwaySince is not null => "Redis does not answer.",
        _ when !parts.Processor.HasAsked => "The worker has not asked for tasks yet.",
        _ => null,
    };

    /// <summary>The loops that do not go on.</summary>
    public IEnumerable<string> StuckLoops => parts.Loops.Where(loop => loop.Pulse.IsStuck).Select(loop => loop.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        parts.Identity.Status = ServerStatus.Active;

        // The server shows itself before it takes anything. The syncer is there before the first outcome, the
        // recoverer and the forwarder before the processor, so that old tasks go first. None of them waits for Redis
        // to be there.
        parts.Advisor.Start();
        parts.Heartbeater.Start();
        parts.Subscriber.Start();
        parts.Syncer.Start();
        parts.Recoverer.Start();
        parts.Forwarder.Start();
        parts.Watcher.Start();
        parts.Processor.Start();
        parts.Janitor.Start();
        parts.Reclaimer.Start();
        parts.Aggregator?.Start();
        LogStarted(logger, options.Concurrency, parts.Queues.Entries);

        return Task.CompletedTask;
    }

    /// <summary>Takes over what new settings say about queues and limits; the rest of them holds from the next
    /// start.</summary>
    public void Apply(QueueServerOptions settings)
    {
        if (parts.Queues.Apply(settings))
        {
            LogChanged(logger, parts.Queues.Entries);
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

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        parts.Identity.Status = ServerStatus.Closed;
        LogStopping(logger, parts.Running.Count);

        // Nothing new: no task becomes pending through this server, and none is taken. A take that is under way may
        // still bring tasks, to be put back; meanwhile the handlers go on.
        var deadline = time.GetUtcNow() + options.ShutdownTimeout;
        var aggregator = parts.Aggregator?.StopAsync() ?? Task.CompletedTask;
        await parts.Forwarder.StopAsync().ConfigureAwait(false);
        await CompletesAsync(parts.Processor.StopAsync(), deadline, cancellationToken).ConfigureAwait(false);
        await FinishRunningAsync(deadline, cancellationToken).ConfigureAwait(false);

        await CompletesAsync(aggregator, time.GetUtcNow() + WriteBackTimeout, cancellationToken).ConfigureAwait(false);

        // The recoverer writes back by itself and reads the syncer's leases; the handlers' outcomes go through the
        // syncer.
        await parts.Recoverer.StopAsync().ConfigureAwait(false);
        await parts.Syncer.StopAsync(WriteBackTimeout, time).ConfigureAwait(false);
        await parts.Subscriber.StopAsync().ConfigureAwait(false);
        await parts.Watcher.StopAsync().ConfigureAwait(false);
        await parts.Janitor.StopAsync().ConfigureAwait(false);
        await parts.Reclaimer.StopAsync().ConfigureAwait(false);
        await parts.Advisor.StopAsync().ConfigureAwait(false);
        parts.Deadlines.Dispose();

        // Last: it kept the leases of everything above.
        await parts.Heartbeater.StopAsync().ConfigureAwait(false);
        LogClosed(logger);
    }

    private async Task FinishRunningAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        if (await CompletesAsync(parts.Running.WhenEmpty(), deadline, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var left = parts.Running.Snapshot();
        LogInterrupting(logger, left.Count);
        left.ForEach(attempt => attempt.Cancel(CancelReason.Shutdown));

        // Each ends within its grace, abandoned if need be; a second more for what comes after.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving queues {Queues} with {Concurrency} slots")]
    private static partial void LogStarted(ILogger logger, int concurrency, IReadOnlyList<string> queues);

    [LoggerMessage(Level = LogLevel.Information, Message = "The settings changed; serving queues {Queues}")]
    private static partial void LogChanged(ILogger logger, IReadOnlyList<string> queues);

    [LoggerMessage(Level = LogLevel.Information, Message = "Taking no more tasks")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; {Count} tasks run")]
    private static partial void LogStopping(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shutdown timeout is over: interrupting {Count} tasks")]
    private static partial void LogInterrupting(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private static partial void LogClosed(ILogger logger);
}
