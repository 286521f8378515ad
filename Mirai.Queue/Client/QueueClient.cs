using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Client;

/// <summary>Puts tasks into queues.</summary>
internal sealed class QueueClient : IQueueClient
{
    private readonly EnqueueBuffer buffer;
    private readonly BulkEnqueuer bulk;
    private readonly EnqueueRepeater repeater;
    private readonly ITaskFactory factory;
    private readonly PayloadSerializer serializer;
    private readonly QueueMetrics metrics;
    private readonly TimeProvider time;

    public QueueClient(
        IQueueStore store, ITaskFactory factory, PayloadSerializer serializer, QueueOptions options, QueueMetrics metrics,
        TimeProvider time)
    {
        this.factory = factory;
        buffer = new EnqueueBuffer(store, options.EnqueueTimeout, time);
        repeater = new EnqueueRepeater(store, options.EnqueueTimeout, time);
        bulk = new BulkEnqueuer(store, repeater, options.EnqueueTimeout, time);
        this.serializer = serializer;
        this.metrics = metrics;
        this.time = time;
    }

    public async Task<TaskInfo> EnqueueAsync(
        QueueTask task, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        cancellationToken.ThrowIfCancellationRequested();
        var effective = task.Options.With(options);
        using var activity = QueueTracing.StartSend(effective.Queue ?? EnqueueOptions.DefaultQueue, task.Type);
        var started = time.GetTimestamp();
        var sent = factory.Create(task, effective, time.GetUtcNow());
        try
        {
            await SendAsync(sent, started, cancellationToken).ConfigureAwait(false);
            activity?.SetTag(TelemetryNames.MessageId, sent.Message.Id);
            Record(sent, started, Refusal(sent));
        }
        catch (Exception exception)
        {
            QueueTracing.Fail(activity, exception);
            Record(sent, started, exception);
            throw;
        }

        return Refusal(sent) is { } refusal ? throw refusal : Info(sent, time.GetUtcNow());
    }

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
        IReadOnlyCollection<QueueTask> tasks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var now = time.GetUtcNow();
        var started = time.GetTimestamp();
        var items = tasks.Select(task => BulkItem.Create(task, factory, now)).ToList();
        await bulk.SendAsync(items, cancellationToken).ConfigureAwait(false);

        return items.ConvertAll(item =>
        {
            if (item.NewTask is { } sent)
            {
                Record(sent, started, item.Error ?? Refusal(sent));
            }

            return Result(item);
        });
    }

    public QueueTask CreateTask<TPayload>(TPayload payload, EnqueueOptions? options = null)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(payload);
        return new QueueTask(
            TaskPayload<TPayload>.Type, serializer.Serialize(payload), TaskPayload<TPayload>.Options.With(options));
    }

    // The first attempt shares a batch with others and takes no detour; only a fault that may pass is worth one.
    private async Task SendAsync(NewTask task, long started, CancellationToken cancellationToken)
    {
        var first = buffer.SendAsync(task);
        try
        {
            await (cancellationToken.CanBeCanceled ? first.WaitAsync(cancellationToken) : first).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            await repeater.RepeatAsync([task], exception, started, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Record(NewTask task, long started, Exception? error)
    {
        var queue = task.Message.Queue;
        metrics.Sent(queue, error?.GetType().FullName);
        if (metrics.MeasuresOperations)
        {
            metrics.Operation(queue, TelemetryNames.Send, time.GetElapsedTime(started), error?.GetType().FullName);
        }
    }

    /// <summary>Why a task was not stored, if it was refused.</summary>
    internal static Exception? Refusal(NewTask task) => task.Status switch
    {
        EnqueueStatus.Duplicate =>
            new DuplicateTaskException(task.Message.Queue, task.Message.Id, task.LockOwner),
        EnqueueStatus.TaskIdConflict => new TaskIdConflictException(task.Message.Queue, task.Message.Id),
        _ => null,
    };

    /// <summary>A stored task, as its caller sees it.</summary>
    internal static TaskInfo Info(NewTask task, DateTimeOffset now) => task.Route.Placement switch
    {
        Placement.Scheduled => TaskMessageConverter.ToInfo(task.Message, TaskState.Scheduled, task.ProcessAt),
        Placement.Group => TaskMessageConverter.ToInfo(task.Message, TaskState.Aggregating, null),
        _ => TaskMessageConverter.ToInfo(task.Message, TaskState.Pending, now),
    };

    private EnqueueResult Result(BulkItem item) => item.NewTask switch
    {
        null => new EnqueueResult(EnqueueStatus.Invalid, null, null, item.Error),
        { Status: EnqueueStatus.Enqueued } task =>
            new EnqueueResult(task.Status, task.Message.Id, Info(task, time.GetUtcNow()), null),
        { Status: EnqueueStatus.Unknown } task => new EnqueueResult(task.Status, task.Message.Id, null, item.Error),
        var task => new EnqueueResult(task.Status, task.Message.Id, null, Refusal(task)),
    };
}
