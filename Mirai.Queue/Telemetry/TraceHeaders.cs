using System.Diagnostics;

namespace Mirai.Queue.Telemetry;

/// <summary>Carries W3C trace context in a task's headers (<c>traceparent</c>, <c>tracestate</c>), as Go services with
/// OpenTelemetry do.</summary>
internal static class TraceHeaders
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>Adds the context of <paramref name="activity"/>, unless the caller has set one.</summary>
    public static void Inject(Activity? activity, IDictionary<string, string> headers)
    {
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

    /// <summary>The context of the span that enqueued the task, if the headers have one.</summary>
    public static bool TryExtract(IReadOnlyDictionary<string, string> headers, out ActivityContext context)
    {
        context = default;
        return headers.Count > 0
            && headers.TryGetValue(TraceParent, out var parent)
            && ActivityContext.TryParse(parent, headers.GetValueOrDefault(TraceState), isRemote: true, out context);
    }
}
