using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Client;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Aggregates a group: takes tasks out of it, has one task made of them, and puts that in their place. Until
/// that moment the tasks are in a set which any server puts back into the group when its deadline is over.</summary>
internal sealed partial class GroupAggregation(
    IGroupStore store, IServiceScopeFactory scopes, GroupLimits limits, QueueMetrics metrics, RedisHealth health,
    TimeProvider time, ILogger<GroupAggregation> logger)
{
    /// <summary>How long tasks may be on their way (docs/wire.md, "Groups").</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Messages of one set are in memory together, and so is what is made of them. What is beyond goes into the next
    // set.
    private const long MostBytes = 32 * 1024 * 1024;

    /// <summary>Aggregates the group once, if it is due. Never throws.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="group">The group's name.</param>
    /// <param name="cancellationToken">Puts the tasks back into their group.</param>
    /// <returns><see langword="true"/> when the group may be due again at once.</returns>
    public async Task<bool> RunAsync(string queue, string group, CancellationToken cancellationToken)
    {
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
            await PutBackAsync(set).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it is, a pause is good for it: the tasks go back when the deadline is over.
            LogFailed(logger, group, queue, Patience, exception);
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
            await SetAsideAsync(set, page, cancellationToken).ConfigureAwait(false);
            messages.AddRange(page.Select(task => task.Message).OfType<TaskMessage>());
            if (page.Count == 0)
            {
                break; // some were set aside, or the set is not this server's any more
            }
        }

        return messages;
    }

    private async Task SetAsideAsync(
        AggregationSet set, IReadOnlyList<StagedTask> page, CancellationToken cancellationToken)
    {
        var unreadable = page.Where(task => task.Message is null).Select(task => task.TaskId).ToList();
        if (unreadable.Count > 0)
        {
            var archived = await RepeatAsync(() => store.SetAsideAsync(set, unreadable), cancellationToken)
                .ConfigureAwait(false);
            metrics.SetAside(set.Queue, archived);
            LogSetAside(logger, archived, set.Group, set.Queue);
        }
    }

    private async Task<bool> ReplaceAsync(
        AggregationSet set, List<TaskMessage> messages, CancellationToken cancellationToken)
    {
        // In a thread of its own, because a function may compute for long without awaiting anything.
        var task = await Task.Run(() => MakeAsync(set.Group, messages, cancellationToken), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        using var activity = QueueTracing.StartSend(set.Queue, task.Type);
        var options = task.Options.With(new EnqueueOptions { Queue = set.Queue });
        var aggregate = NewTaskFactory.Create(task, options, time.GetUtcNow());
        activity?.SetTag(TelemetryNames.MessageId, aggregate.Message.Id);
        var handOver = await HandOverAsync(set, messages.Count, aggregate, cancellationToken).ConfigureAwait(false);
        if (handOver is not (HandOver.Done or HandOver.DeletionsLeft))
        {
            LogRefused(logger, set.Group, set.Queue, handOver, messages.Count);
            return false;
        }

        metrics.Sent(set.Queue, errorType: null);
        metrics.Aggregated(set.Queue, messages.Count);
        LogAggregated(logger, messages.Count, set.Group, set.Queue, aggregate.Message.Id);
        if (handOver == HandOver.DeletionsLeft)
        {
            await DeleteRestAsync(set, cancellationToken).ConfigureAwait(false);
        }

        return true;
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

    // A repeated call may meet what the first one did although its reply got lost: the set is gone, and not by others.
    private async Task<HandOver> HandOverAsync(
        AggregationSet set, int size, NewTask aggregate, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var handOver = await RepeatAsync(
            () =>
            {
                attempts++;
                return store.EnqueueAggregateAsync(set, size, aggregate);
            },
            cancellationToken).ConfigureAwait(false);

        return handOver == HandOver.SetGone && attempts > 1 ? HandOver.Done : handOver;
    }

    private async Task<QueueTask> MakeAsync(
        string group, List<TaskMessage> messages, CancellationToken cancellationToken)
    {
        var tasks = messages.ConvertAll(
            message => TaskMessageConverter.ToInfo(message, TaskState.Aggregating, nextProcessAt: null));
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var aggregator = scope.ServiceProvider.GetRequiredService<ITaskAggregator>();
            return await aggregator.AggregateAsync(group, tasks, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{aggregator.GetType().Name} returned no task.");
        }
    }

    private async Task PutBackAsync(AggregationSet set)
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
            LogNotPutBack(logger, set.Group, set.Queue, exception);
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
        Message = "Made task {TaskId} of {Count} tasks of group {Group} of queue {Queue}")]
    private static partial void LogAggregated(ILogger logger, int count, string group, string queue, string taskId);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Group {Group} of queue {Queue} could not be aggregated; its tasks go back to it within {Pause}")]
    private static partial void LogFailed(
        ILogger logger, string group, string queue, TimeSpan pause, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The task made of group {Group} of queue {Queue} is not enqueued: {Reason}. Its {Count} tasks go " +
            "back to the group")]
    private static partial void LogRefused(ILogger logger, string group, string queue, HandOver reason, int count);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Count} tasks of group {Group} of queue {Queue} cannot be read; they go to the archive as they " +
            "are")]
    private static partial void LogSetAside(ILogger logger, int count, string group, string queue);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Not all tasks of group {Group} of queue {Queue} could be deleted after they were aggregated; a " +
            "reclaimer does it")]
    private static partial void LogNotDeleted(ILogger logger, string group, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The tasks of group {Group} of queue {Queue} could not be put back before the server had to stop; " +
            "another one does it")]
    private static partial void LogNotPutBack(ILogger logger, string group, string queue, Exception exception);
}
