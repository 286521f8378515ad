using System.Diagnostics;

namespace Mirai.Queue.Telemetry;

/// <summary>The W3C trace context in a task's headers (<c>traceparent</c>, <c>tracestate</c>), where Go services with
/// OpenTelemetry put it, too. <see cref="IQueueClient"/> writes it on its own; an application that stores a task before
/// it enqueues it, as an outbox does, writes it when it stores the task.</summary>
public static class TraceHeaders
{
    /// <summary>The header with trace id, span id and flags.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The header with the state of tracing systems.</summary>
    public const string TraceState = "tracestate";

    /// <summary>Adds the context of <paramref name="activity"/> to <paramref name="headers"/>. Adds nothing when the
    /// headers have a context, or when the activity has none in the W3C format.</summary>
    /// <param name="activity">The span that enqueues the task, for instance <see cref="Activity.Current"/>.</param>
    /// <param name="headers">The task's headers.</param>
    public static void Inject(Activity? activity, IDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } || headers.ContainsKey(TraceParent))
        {
            return;
        }

        headers[TraceParent] = id;
        if (!string.IsNullOrEmpty(activity.TraceStateString))
        {
            headers[TraceState] = activity.TraceStateString;
        }
    }

    /// <summary>Reads the context of the span that enqueued the task.</summary>
    /// <returns><see langword="false"/> when the headers have no valid context.</returns>
    internal static bool TryExtract(IReadOnlyDictionary<string, string> headers, out ActivityContext context)
    {
        context = default;
        return headers.Count > 0
            && headers.TryGetValue(TraceParent, out var parent)
            && ActivityContext.TryParse(parent, headers.GetValueOrDefault(TraceState), isRemote: true, out context);
    }
}
