using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Aggregates a group: moves its tasks into a set, asks the application's <see cref="ITaskAggregator"/> for
/// one task, and enqueues that task in their place. If this fails or is interrupted, the tasks return to their group at
/// once; if the process dies, any server returns them after the deadline of the set.</summary>
internal sealed partial class GroupAggregation(
    IGroupStore store, IServiceScopeFactory scopes, Func<IServiceProvider, ITaskAggregator> findAggregator,
    GroupLimits limits, QueueMetrics metrics, RedisHealth health, TimeProvider time, ILogger<GroupAggregation> logger)
{
    /// <summary>The deadline of a set, from its start (docs/wire.md, "Groups").</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // The messages of one set are in memory together, and so is their aggregate. Further tasks go into the next set.
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly FailedGroups failed = new(time);

    /// <summary>Aggregates the group once, if it is due, and unless it failed a moment ago. Never throws.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="group">The group's name.</param>
    /// <param name="cancellationToken">Interrupts the aggregation: the tasks return to their group.</param>
    /// <returns><see langword="true"/> when the group may be due again at once.</returns>
    public async Task<bool> RunAsync(string queue, string group, CancellationToken cancellationToken)
    {
        if (failed.MustWait(queue, group))
        {
            return false;
        }

        var set = new AggregationSet(
            queue, group, Guid.NewGuid().ToString(), WireTime.ToSeconds(time.GetUtcNow() + Patience));
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var size = await StageAsync(set, either.Token).ConfigureAwait(false);
            var messages = await ReadAsync(set, size, either.Token).ConfigureAwait(false);

            return messages.Count > 0 && await ReplaceAsync(set, messages, either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await ReturnAsync(set).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var pause = failed.Add(queue, group);
            LogFailed(logger, group, queue, pause, exception);
            await ReturnAsync(set).ConfigureAwait(false);
        }

        return false;
    }

    private async Task<int> StageAsync(AggregationSet set, CancellationToken cancellationToken)
    {
        var room = MostBytes;
        StagedTasks staged;
        do
        {
            staged = await RepeatAsync(() => store.StageGroupAsync(set, limits, room), cancellationToken)
                .ConfigureAwait(false);
            room -= staged.Bytes;
        }
        while (staged.HasMore && room > 0);

        return staged.Size;
    }

    private async Task<List<TaskMessage>> ReadAsync(AggregationSet set, int size, CancellationToken cancellationToken)
    {
        var messages = new List<TaskMessage>(size);
        while (messages.Count < size)
        {
            var page = await RepeatAsync(() => store.ReadSetAsync(set, skip: messages.Count), cancellationToken)
                .ConfigureAwait(false);
            await QuarantineAsync(set, page, cancellationToken).ConfigureAwait(false);
            messages.AddRange(page.Select(task => task.Message).OfType<TaskMessage>());
            if (page.Count == 0)
            {
                break; // some tasks were quarantined, or the set does not belong to this server any more
            }
        }

        return messages;
    }

    private async Task QuarantineAsync(
        AggregationSet set, IReadOnlyList<StagedTask> page, CancellationToken cancellationToken)
    {
        var unreadable = page.Where(task => task.Message is null).Select(task => task.TaskId).ToList();
        if (unreadable.Count > 0)
        {
            var archived = await RepeatAsync(() => store.QuarantineAsync(set, unreadable), cancellationToken)
                .ConfigureAwait(false);
            metrics.Quarantined(set.Queue, archived);
            LogQuarantined(logger, archived, set.Group, set.Queue);
        }
    }

    private async Task<bool> ReplaceAsync(
        AggregationSet set, List<TaskMessage> messages, CancellationToken cancellationToken)
    {
        // On a thread of its own, because an aggregator may compute for long before its first await.
        var task = await Task
            .Run(() => AskAggregatorAsync(set.Group, messages, cancellationToken), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        using var activity = QueueTracing.StartSend(set.Queue, task.Type);
        var options = task.Options.With(new EnqueueOptions { Queue = set.Queue });
        var aggregate = NewTask.Create(task, options, time.GetUtcNow());
        activity?.SetTag(TelemetryNames.MessageId, aggregate.Message.Id);
        var outcome = await EnqueueAggregateAsync(set, messages.Count, aggregate, cancellationToken)
            .ConfigureAwait(false);
        if (outcome is not (AggregateOutcome.Done or AggregateOutcome.DeletionsLeft))
        {
            await GiveUpAsync(set, outcome, messages.Count).ConfigureAwait(false);
            return false;
        }

        failed.Remove(set.Queue, set.Group);

        metrics.Sent(set.Queue, errorType: null);
        metrics.Aggregated(set.Queue, messages.Count);
        LogAggregated(logger, messages.Count, set.Group, set.Queue, aggregate.Message.Id);
        if (outcome == AggregateOutcome.DeletionsLeft)
        {
            await DeleteRestAsync(set, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task GiveUpAsync(AggregationSet set, AggregateOutcome outcome, int count)
    {
        if (outcome == AggregateOutcome.SetGone)
        {
            LogSetGone(logger, set.Group, set.Queue);
            return;
        }

        LogRefused(logger, set.Group, set.Queue, outcome, count, failed.Add(set.Queue, set.Group));
        await ReturnAsync(set).ConfigureAwait(false);
    }

    private async Task DeleteRestAsync(AggregationSet set, CancellationToken cancellationToken)
    {
        try
        {
            while (await RepeatAsync(() => store.DeleteAggregatedAsync(set), cancellationToken)
                .ConfigureAwait(false) > 0)
            {
                // The next batch.
            }
        }
        catch (Exception exception)
        {
            LogNotDeleted(logger, set.Group, set.Queue, exception);
        }
    }

    // When the reply to the first call was lost, a second call finds the set gone: the first call did that.
    private async Task<AggregateOutcome> EnqueueAggregateAsync(
        AggregationSet set, int size, NewTask aggregate, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var outcome = await RepeatAsync(
            () =>
            {
                attempts++;
                return store.EnqueueAggregateAsync(set, size, aggregate);
            },
            cancellationToken).ConfigureAwait(false);

        return outcome == AggregateOutcome.SetGone && attempts > 1 ? AggregateOutcome.Done : outcome;
    }

    private async Task<QueueTask> AskAggregatorAsync(
        string group, List<TaskMessage> messages, CancellationToken cancellationToken)
    {
        var tasks = messages.ConvertAll(
            message => TaskMessageConverter.ToInfo(message, TaskState.Aggregating, nextProcessAt: null));
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var aggregator = findAggregator(scope.ServiceProvider);
            return await aggregator.AggregateAsync(group, tasks, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{aggregator.GetType().Name} returned no task.");
        }
    }

    private async Task ReturnAsync(AggregationSet set)
    {
        try
        {
            int left;
            do
            {
                (_, left) = await store.ReturnSetAsync(set).ConfigureAwait(false);
            }
            while (left > 0);
        }
        catch (Exception exception)
        {
            LogNotReturned(logger, set.Group, set.Queue, exception);
        }
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        T? result = default;
        await health.RetryAsync(
            async token =>
            {
                token.ThrowIfCancellationRequested();
                result = await call().ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

        return result!;
    }

    [LoggerMessage(Level = LogLevel.Debug,
        Message = "Aggregated {Count} tasks of group {Group} of queue {Queue} into task {TaskId}")]
    private static partial void LogAggregated(ILogger logger, int count, string group, string queue, string taskId);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Group {Group} of queue {Queue} could not be aggregated. Mirai returns its tasks to the group and " +
            "aggregates them again after {Pause}. Check the aggregator")]
    private static partial void LogFailed(
        ILogger logger, string group, string queue, TimeSpan pause, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The aggregate of group {Group} of queue {Queue} was not enqueued: {Reason}. Mirai returns its " +
            "{Count} tasks to the group and aggregates them again after {Pause}. Check the aggregate's id and lock")]
    private static partial void LogRefused(
        ILogger logger, string group, string queue, AggregateOutcome reason, int count, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The aggregate of group {Group} of queue {Queue} was not enqueued: another server took the tasks " +
            "over, because the aggregation lasted too long or the clocks differ. They will be aggregated again")]
    private static partial void LogSetGone(ILogger logger, string group, string queue);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The messages of {Count} tasks of group {Group} of queue {Queue} cannot be read. Mirai quarantines " +
            "these tasks: they are in the archive, unchanged")]
    private static partial void LogQuarantined(ILogger logger, int count, string group, string queue);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Not all tasks of group {Group} of queue {Queue} could be deleted after their aggregation. The " +
            "reclaimer of a server deletes them within a minute")]
    private static partial void LogNotDeleted(ILogger logger, string group, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The tasks of group {Group} of queue {Queue} could not be returned to their group. Any server " +
            "returns them once the deadline of their set is over")]
    private static partial void LogNotReturned(ILogger logger, string group, string queue, Exception exception);
}
