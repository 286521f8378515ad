using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Client;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Scheduler;

/// <summary>The loop of one entry: enqueues its task tick by tick. Redis knows which ticks are settled: the first
/// scheduler that comes settles a tick for all of them, and one that starts goes on where the last one
/// stopped.</summary>
internal sealed partial class EntryRunner(
    PeriodicEntry entry, ISchedulerStore store, QueueSchedulerOptions options, QueueMetrics metrics, RedisHealth health,
    TimeProvider time, ILogger<EntryRunner> logger) : Loop(health, time, logger)
{
    private static readonly TimeSpan KnownAfterNextTick = TimeSpan.FromDays(7);

    // Timers do not notice when somebody sets the clock: this is how long a change may go unnoticed.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // A hook is told of a tick; the schedule does not depend on it.
    private static readonly TimeSpan HookPatience = TimeSpan.FromSeconds(30);

    private readonly ILogger logger = logger;
    private readonly DateTimeOffset since = time.GetUtcNow();
    private volatile EntryTimes times = new(null, null);
    private DateTimeOffset? cursor;
    private OpenTick? open;
    private bool hasAskedRedis;
    private bool hasReportedId;

    public override string Name => $"Enqueuing periodic task {entry.Key.Name}";

    public PeriodicEntry Entry => entry;

    public EntryTimes Times => cursor is null ? new EntryTimes(entry.Schedule.Next(since), null) : times;

    protected override TimeSpan StopPatience => QueueScheduler.StopPatience;

    internal override bool HasAskedRedis => hasAskedRedis;

    /// <summary>The entry as applications see it.</summary>
    public PeriodicEntryInfo ToInfo()
    {
        var (next, previous) = Times;
        return new PeriodicEntryInfo(entry.Id, entry.Task, next, previous);
    }

    /// <summary>Settles every tick that is due.</summary>
    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        hasAskedRedis = false;
        if (cursor is null)
        {
            await RegisterAsync().ConfigureAwait(false);
        }

        while (!cancellationToken.IsCancellationRequested && FindDue() is { } tick)
        {
            await SettleAsync(tick).ConfigureAwait(false);
        }

        var left = times.Next - Time.GetUtcNow();
        return left < LongestPause ? left.Value : LongestPause;
    }

    private async Task RegisterAsync()
    {
        var known = await store.RegisterEntryAsync(entry.Key, entry.ZonedSpec, since, LifetimeFrom(since))
            .ConfigureAwait(false);
        hasAskedRedis = true;
        MoveTo(known.IsOfOtherSpec && known.Tick < since ? since : known.Tick);
    }

    /// <summary>The tick to settle now, by the policy for missed ticks.</summary>
    private DateTimeOffset? FindDue()
    {
        var now = Time.GetUtcNow();
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
            reply = await store.EnqueueTickAsync(order, attempt.Task).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            attempt.Error = RedisFaults.ExplainFull(exception, "the task of a tick");
            if (!RedisFaults.IsFull(exception))
            {
                throw;
            }

            // The next passes repeat the tick until there is room, or until the next tick is due.
            metrics.RefusedFull(entry.Key.Queue);
            throw attempt.Error;
        }

        hasAskedRedis = true;
        open = null;
        MoveTo(reply.Settled);
        times = times with { Previous = reply.Settled };
        await ReportAsync(attempt, reply.Outcome).ConfigureAwait(false);
    }

    /// <summary>The open tick if it is this one. Otherwise this tick takes its place, and the open one is given
    /// up.</summary>
    private async Task<OpenTick> OpenAsync(DateTimeOffset tick)
    {
        if (open is { } same && same.Tick.DueAt == tick)
        {
            return same;
        }

        if (open is { } older)
        {
            open = null;
            metrics.Tick(entry.Key.Queue, entry.Task.Task.Type, "GivenUp");
            LogGivenUp(logger, entry.Key.Name, older.Tick.DueAt, older.Error);
            await CallAfterAsync(older.Tick, null, older.Error).ConfigureAwait(false);
        }

        var begun = new PeriodicTick(entry.Id, entry.Task, tick);
        if (options.BeforeEnqueue is { } before)
        {
            await CallHookAsync(nameof(options.BeforeEnqueue), () => before(begun)).ConfigureAwait(false);
        }

        return open = new OpenTick(begun, entry.NewTask(Time.GetUtcNow()));
    }

    private async Task ReportAsync(OpenTick attempt, TickOutcome outcome)
    {
        var (queue, type) = (entry.Key.Queue, entry.Task.Task.Type);
        LogSettled(logger, entry.Key.Name, attempt.Tick.DueAt, outcome);
        if (outcome != TickOutcome.SettledBefore)
        {
            metrics.Tick(queue, type, outcome.ToString());
            metrics.TickLag(queue, Time.GetUtcNow() - attempt.Tick.DueAt);
        }

        if (outcome == TickOutcome.Enqueued)
        {
            metrics.Sent(queue, errorType: null);
            hasReportedId = false;
            await RecordAsync(attempt.Task.Message.Id).ConfigureAwait(false);
            await CallAfterAsync(attempt.Tick, QueueClient.Info(attempt.Task, Time.GetUtcNow()), null)
                .ConfigureAwait(false);
        }
        else if (QueueClient.Refusal(attempt.Task) is { } refusal)
        {
            metrics.Sent(queue, refusal.GetType().FullName);
            ReportTakenId(attempt, outcome);
            await CallAfterAsync(attempt.Tick, null, refusal).ConfigureAwait(false);
        }
    }

    // Every further tick meets the same task: one line until a tick enqueues something again.
    private void ReportTakenId(OpenTick attempt, TickOutcome outcome)
    {
        if (outcome == TickOutcome.TaskIdConflict && !hasReportedId)
        {
            hasReportedId = true;
            LogTakenId(
                logger, entry.Key.Name, attempt.Tick.DueAt, entry.Key.Queue, attempt.Task.Message.Id);
        }
    }

    // The task is in its queue already: a failure here must not repeat the tick.
    private async Task RecordAsync(string taskId)
    {
        var now = Timestamp.FromDateTimeOffset(Time.GetUtcNow());
        try
        {
            await store.RecordEventAsync(entry.Id, new SchedulerEnqueueEvent { TaskId = taskId, EnqueueTime = now })
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            LogNotRecorded(logger, entry.Key.Name, taskId, exception.Message);
        }
    }

    private Task CallAfterAsync(PeriodicTick tick, TaskInfo? task, Exception? error) =>
        options.AfterEnqueue is { } after
            ? CallHookAsync(nameof(options.AfterEnqueue), () => after(tick, task, error))
            : Task.CompletedTask;

    // An exception of the application's function must not end the schedule, and neither must a function that never
    // returns, not even from a call that blocks.
    private async Task CallHookAsync(string hook, Func<Task?> call)
    {
        var running = Task.Run(async () => await (call() ?? Task.CompletedTask).ConfigureAwait(false));
        try
        {
            await running.WaitAsync(HookPatience, Time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            LogHookHangs(logger, hook, entry.Key.Name, HookPatience);
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
        var left = next - Time.GetUtcNow();

        return KnownAfterNextTick + (left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Periodic task {Name}, tick {Tick}: {Outcome}")]
    private static partial void LogSettled(ILogger logger, string name, DateTimeOffset tick, TickOutcome outcome);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Periodic task {Name}: no scheduler ran since {Tick}. Its policy for missed ticks (Skip) " +
            "skips them")]
    private static partial void LogMissed(ILogger logger, string name, DateTimeOffset tick);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Periodic task {Name}: tick {Tick} could not be enqueued before the next tick was due. Mirai " +
            "skips it")]
    private static partial void LogGivenUp(ILogger logger, string name, DateTimeOffset tick, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Periodic task {Name}: tick {Tick} enqueued nothing, because queue {Queue} still has a task with its " +
            "fixed id {TaskId}, archived and retained tasks included. Mirai counts such ticks " +
            "(mirai.queue.scheduler.ticks, TaskIdConflict) without further log lines. Delete that task, or leave the " +
            "id out and skip overlaps instead")]
    private static partial void LogTakenId(
        ILogger logger, string name, DateTimeOffset tick, string queue, string taskId);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Periodic task {Name}: a scheduler settled tick {Tick}, which lies in the future. Mirai ignores " +
            "this record. Check the clocks of all hosts that run schedulers")]
    private static partial void LogClock(ILogger logger, string name, DateTimeOffset tick);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Periodic task {Name}: task {TaskId} was enqueued, but could not be added to the history of the " +
            "entry: {Reason}")]
    private static partial void LogNotRecorded(ILogger logger, string name, string taskId, string reason);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Hook} threw an exception for periodic task {Name}. The schedule goes on")]
    private static partial void LogHook(ILogger logger, string hook, string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Hook} has not returned for periodic task {Name} within {Patience}. The schedule goes on " +
            "without. Look for code that blocks or waits for ever")]
    private static partial void LogHookHangs(ILogger logger, string hook, string name, TimeSpan patience);

    /// <summary>A tick that is being enqueued. Every attempt has the same task, so that Redis recognizes the task after
    /// a lost reply.</summary>
    private sealed class OpenTick(PeriodicTick tick, NewTask task)
    {
        public PeriodicTick Tick { get; } = tick;

        public NewTask Task { get; } = task;

        /// <summary>Why the last attempt failed.</summary>
        public Exception? Error { get; set; }
    }
}

/// <summary>How far an entry has come.</summary>
/// <param name="Next">Its next tick, if there is one.</param>
/// <param name="Previous">The last tick that was settled while this scheduler had it, if there was one.</param>
internal sealed record EntryTimes(DateTimeOffset? Next, DateTimeOffset? Previous);
