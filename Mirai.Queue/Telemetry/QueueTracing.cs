using System.Diagnostics;

namespace Mirai.Queue.Telemetry;

/// <summary>The spans of Mirai.Queue.</summary>
internal static class QueueTracing
{
    private static readonly ActivitySource Source = new(TelemetryNames.ActivitySource);

    /// <summary>A producer span around one enqueue, or <see langword="null"/> when nobody listens.</summary>
    public static Activity? StartSend(string queue, string taskType) => Source.HasListeners()
        ? Start($"{TelemetryNames.Send} {queue}", ActivityKind.Producer, TelemetryNames.Send, queue, taskType)
        : null;

    /// <summary>A consumer span around one attempt, linked to the span that enqueued the task.</summary>
    public static Activity? StartProcess(TaskContext context)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // Child and link: one trace leads from the request that enqueued to the handler's own calls, and tools that
        // follow links find the producer, too.
        ActivityLink[] links = TraceHeaders.TryExtract(context.Headers, out var producer) ? [new(producer)] : [];
        var activity = Start(
            $"{TelemetryNames.Process} {context.Queue}", ActivityKind.Consumer, TelemetryNames.Process, context.Queue,
            context.Type, producer, links);
        activity?.SetTag(TelemetryNames.MessageId, context.TaskId);
        activity?.SetTag(TelemetryNames.BodySize, context.Payload.Length);
        activity?.SetTag(TelemetryNames.TaskRetried, context.Retried);

        return activity;
    }

    /// <summary>Marks a span as failed, with the exception's type and not its message: messages of handlers quote
    /// payloads, and more people may read traces than may read tasks.</summary>
    public static void Fail(Activity? activity, Exception exception)
    {
        var type = exception.GetType().FullName;
        activity?.SetStatus(ActivityStatusCode.Error, type);
        activity?.SetTag(TelemetryNames.ErrorType, type);
    }

    private static Activity? Start(
        string name, ActivityKind kind, string operation, string queue, string taskType,
        ActivityContext parent = default, ActivityLink[]? links = null)
    {
        var activity = Source.StartActivity(kind, parent, links: links, name: name);
        activity?.SetTag(TelemetryNames.System, TelemetryNames.SystemAsynq);
        activity?.SetTag(TelemetryNames.OperationName, operation);
        activity?.SetTag(TelemetryNames.OperationType, operation);
        activity?.SetTag(TelemetryNames.Destination, queue);
        activity?.SetTag(TelemetryNames.TaskType, taskType);

        return activity;
    }
}
