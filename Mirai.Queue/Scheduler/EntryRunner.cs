using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Client;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Scheduler;

/// <summary>Enqueues the task of one entry, tick by tick. Redis knows which ticks are settled: whoever comes first
/// settles one for all schedulers, and one that starts goes on where the last one stopped.</summary>
internal sealed partial class EntryRunner(PeriodicEntry entry, SchedulerServices services)
{
    private static readonly TimeSpan KnownAfterNextTick = TimeSpan.FromDays(7);

    // Timers do not notice when somebody sets the clock: this is how long it may go unnoticed.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ILogger logger = services.Loggers.CreateLogger<EntryRunner>();
    private readonly DateTimeOffset since = services.Time.GetUtcNow();
    private volatile EntryTimes times = new(null, null);
    private DateTimeOffset? cursor;
    private OpenTick? open;

    public PeriodicEntry Entry => entry;

    /// <summary>Where the entry stands.</summary>
    public EntryTimes Times => cursor is null ? new EntryTimes(entry.Schedule.Next(since), null) : times;

    /// <summary>The entry as applications see it.</summary>
    public PeriodicEntryInfo ToInfo()
    {
        var (next, previous) = Times;
        return new PeriodicEntryInfo(entry.Id, entry.Task, next, previous);
    }

    /// <summary>One pass: settles every tick that is due.</summary>
    /// <returns>How long until the next one.</returns>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (cursor is null)
        {
            await RegisterAsync().ConfigureAwait(false);
        }

        while (!cancellationToken.IsCancellationRequested && FindDue() is { } tick)
        {
            await SettleAsync(tick).ConfigureAwait(false);
        }

        var left = times.Next - services.Time.GetUtcNow();
        return left < LongestPause ? left.Value : LongestPause;
    }

    private async Task RegisterAsync()
    {
        var known = await services.Store.RegisterEntryAsync(entry.Key, entry.ZonedSpec, since, LifetimeFrom(since))
            .ConfigureAwait(false);
        services.Health.Succeeded();
        MoveTo(known.IsOfOtherSpec && known.Tick < since ? since : known.Tick);
    }

    /// <summary>The tick to settle now, by the policy for those that were missed.</summary>
    private DateTimeOffset? FindDue()
    {
        var now = services.Time.GetUtcNow();
        if (cursor > now + PeriodicCursor.ClockTolerance)
        {
            LogClock(logger, entry.Key.Name, cursor.Value);
            MoveTo(now);
        }

        if (entry.Task.Missed == MissedTickPolicy.All)
        {
            return times.Next <= now ? times.Next : null;
        }

        var last = entry.Schedule.Last(cursor!.Value, now);
        if (entry.Task.Missed == MissedTickPolicy.Skip && last < since)
        {
            LogMissed(logger, entry.Key.Name, cursor.Value);
            MoveTo(last.Value);
            return null;
        }

        return last;
    }

    private async Task SettleAsync(DateTimeOffset tick)
    {
        var attempt = await OpenAsync(tick).ConfigureAwait(false);
        var order = new TickOrder(
            entry.Key, entry.Id, tick, entry.Task.Overlap == OverlapPolicy.Skip, LifetimeFrom(tick));
        TickReply reply;
        try
        {
            reply = await services.Store.EnqueueTickAsync(order, attempt.Task).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            attempt.Error = exception;
            throw;
        }

        services.Health.Succeeded();
        open = null;
        MoveTo(reply.Settled);
        times = times with { Previous = reply.Settled };
        await ReportAsync(attempt, reply.Outcome).ConfigureAwait(false);
    }

    /// <summary>The tick under way, or a new one in its place: then the old one came to nothing.</summary>
    private async Task<OpenTick> OpenAsync(DateTimeOffset tick)
    {
        if (open is { } same && same.Tick.DueAt == tick)
        {
            return same;
        }

        if (open is { } older)
        {
            open = null;
            services.Metrics.Tick(entry.Key.Queue, entry.Task.Task.Type, "GivenUp");
            LogGivenUp(logger, entry.Key.Name, older.Tick.DueAt, older.Error);
            await CallAfterAsync(older.Tick, null, older.Error).ConfigureAwait(false);
        }

        var begun = new PeriodicTick(entry.Id, entry.Task, tick);
        await CallBeforeAsync(begun).ConfigureAwait(false);

        return open = new OpenTick(begun, entry.NewTask(services.Time.GetUtcNow()));
    }

    private async Task ReportAsync(OpenTick attempt, TickOutcome outcome)
    {
        var (queue, type) = (entry.Key.Queue, entry.Task.Task.Type);
        LogSettled(logger, entry.Key.Name, attempt.Tick.DueAt, outcome);
        if (outcome != TickOutcome.SettledBefore)
        {
            services.Metrics.Tick(queue, type, outcome.ToString());
            services.Metrics.TickLag(queue, services.Time.GetUtcNow() - attempt.Tick.DueAt);
        }

        if (outcome == TickOutcome.Enqueued)
        {
            services.Metrics.Sent(queue, errorType: null);
            await RecordAsync(attempt.Task.Message.Id).ConfigureAwait(false);
            await CallAfterAsync(attempt.Tick, QueueClient.Info(attempt.Task, services.Time.GetUtcNow()), null)
                .ConfigureAwait(false);
        }
        else if (QueueClient.Refusal(attempt.Task) is { } refusal)
        {
            services.Metrics.Sent(queue, refusal.GetType().FullName);
            await CallAfterAsync(attempt.Tick, null, refusal).ConfigureAwait(false);
        }
    }

    // The task is in its queue; a history that lacks it is no reason to do anything again.
    private async Task RecordAsync(string taskId)
    {
        var now = Timestamp.FromDateTimeOffset(services.Time.GetUtcNow());
        try
        {
            await services.Store.RecordEventAsync(
                entry.Id, new SchedulerEnqueueEvent { TaskId = taskId, EnqueueTime = now }).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotRecorded(logger, entry.Key.Name, taskId, exception.Message);
        }
    }

    private Task CallBeforeAsync(PeriodicTick tick) =>
        CallAsync(nameof(QueueSchedulerOptions.BeforeEnqueue), () => services.Options.BeforeEnqueue?.Invoke(tick));

    private Task CallAfterAsync(PeriodicTick tick, TaskInfo? task, Exception? error) => CallAsync(
        nameof(QueueSchedulerOptions.AfterEnqueue), () => services.Options.AfterEnqueue?.Invoke(tick, task, error));

    // The application's functions must not end the schedule.
    private async Task CallAsync(string hook, Func<Task?> call)
    {
        try
        {
            if (call() is { } running)
            {
                await running.ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            LogHook(logger, hook, entry.Key.Name, exception);
        }
    }

    private void MoveTo(DateTimeOffset settled)
    {
        cursor = settled;
        times = times with { Next = entry.Schedule.Next(settled) };
    }

    private TimeSpan LifetimeFrom(DateTimeOffset tick)
    {
        var next = entry.Schedule.Next(tick) ?? tick;
        var left = next - services.Time.GetUtcNow();

        return KnownAfterNextTick + (left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Periodic task {Name}, tick {Tick}: {Outcome}")]
    private static partial void LogSettled(ILogger logger, string name, DateTimeOffset tick, TickOutcome outcome);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Periodic task {Name}: the ticks since {Tick} were missed and are left out")]
    private static partial void LogMissed(ILogger logger, string name, DateTimeOffset tick);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Periodic task {Name}: tick {Tick} could not be enqueued before the next and is given up")]
    private static partial void LogGivenUp(ILogger logger, string name, DateTimeOffset tick, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Periodic task {Name}: somebody whose clock was wrong settled tick {Tick}; it does not count")]
    private static partial void LogClock(ILogger logger, string name, DateTimeOffset tick);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Periodic task {Name}: task {TaskId} is enqueued, but not in the history: {Reason}")]
    private static partial void LogNotRecorded(ILogger logger, string name, string taskId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Hook} failed for periodic task {Name}")]
    private static partial void LogHook(ILogger logger, string hook, string name, Exception exception);
}
