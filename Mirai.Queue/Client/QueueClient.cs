using System.Diagnostics.CodeAnalysis;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Client;

/// <summary>Puts tasks into queues.</summary>
internal sealed class QueueClient(
    IQueueStore store, PayloadSerializer serializer, QueueOptions options, QueueMetrics metrics, TimeProvider time)
    : IQueueClient
{
    /// <summary>What a full Redis refuses.</summary>
    internal const string NotStored = "the task";

    private readonly EnqueueSender sender = new(store, options.EnqueueTimeout, time);

    public async Task<TaskInfo> EnqueueAsync(
        QueueTask task, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        cancellationToken.ThrowIfCancellationRequested();
        var effective = task.Options.With(options);
        using var activity = QueueTracing.StartSend(effective.Queue ?? EnqueueOptions.DefaultQueue, task.Type);
        var started = time.GetTimestamp();
        var sent = store.CreateTask(task, effective, time.GetUtcNow());
        try
        {
            await sender.SendAsync(sent, started, cancellationToken).ConfigureAwait(false);
            activity?.SetTag(TelemetryNames.MessageId, sent.Message.Id);
            Record(sent, started, Refusal(sent));
        }
        catch (Exception exception)
        {
            var fault = RedisFaults.ExplainFull(exception, NotStored);
            QueueTracing.Fail(activity, fault);
            Record(sent, started, fault);
            if (ReferenceEquals(fault, exception))
            {
                throw;
            }

            throw fault;
        }

        return Refusal(sent) is { } refusal ? throw refusal : Info(sent, time.GetUtcNow());
    }

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
        IReadOnlyCollection<QueueTask> tasks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var now = time.GetUtcNow();
        var started = time.GetTimestamp();
        var results = new EnqueueResult[tasks.Count];
        var sent = new List<(int Position, NewTask Task)>(tasks.Count);
        foreach (var (position, task) in tasks.Index())
        {
            if (TryCreate(task, now, out var created, out var invalid))
            {
                sent.Add((position, created));
            }
            else
            {
                results[position] = new EnqueueResult(EnqueueStatus.Invalid, null, null, invalid);
            }
        }

        await sender.SendManyAsync(sent.Select(item => item.Task), cancellationToken).ConfigureAwait(false);
        foreach (var (position, task) in sent)
        {
            results[position] = Result(task);
            Record(task, started, results[position].Error);
        }

        return results;
    }

    public QueueTask CreateTask<TPayload>(TPayload payload, EnqueueOptions? options = null)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(payload);
        return new QueueTask(
            TaskPayload<TPayload>.Type, serializer.Serialize(payload), TaskPayload<TPayload>.Options.With(options));
    }

    private bool TryCreate(
        QueueTask? task, DateTimeOffset now, [NotNullWhen(true)] out NewTask? created, out Exception? invalid)
    {
        (created, invalid) = (null, null);
        try
        {
            ArgumentNullException.ThrowIfNull(task);
            created = store.CreateTask(task, task.Options, now);
            return true;
        }
        catch (ArgumentException exception)
        {
            invalid = exception;
            return false;
        }
    }

    private EnqueueResult Result(NewTask task) => task.Status switch
    {
        EnqueueStatus.Unknown => new EnqueueResult(
            EnqueueStatus.Unknown,
            task.Message.Id,
            null,
            task.Error is { } error ? RedisFaults.ExplainFull(error, NotStored) : null),
        EnqueueStatus.Enqueued =>
            new EnqueueResult(EnqueueStatus.Enqueued, task.Message.Id, Info(task, time.GetUtcNow()), null),
        var refused => new EnqueueResult(refused, task.Message.Id, null, Refusal(task)),
    };

    private void Record(NewTask task, long started, Exception? error)
    {
        var queue = task.Message.Queue;
        metrics.Sent(queue, error?.GetType().FullName);
        if (error is not null && RedisFaults.IsFull(error))
        {
            metrics.RefusedFull(queue);
        }

        if (metrics.MeasuresOperations)
        {
            metrics.Operation(queue, TelemetryNames.Send, time.GetElapsedTime(started), error?.GetType().FullName);
        }
    }

    /// <summary>Why a task was refused; <see langword="null"/> when it was not.</summary>
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
}
