using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace Mirai.Api.Tests.Telemetry;

/// <summary>Keeps the spans that would be exported.</summary>
internal sealed class SpanList : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> spans = new();

    public IEnumerable<Activity> Of(string traceId) => spans.Where(span => span.TraceId.ToHexString() == traceId);

    /// <summary>The only span of that kind below another one, or <see langword="null"/>.</summary>
    public Activity? Below(ActivitySpanId parent, ActivityKind kind) =>
        spans.SingleOrDefault(span => span.ParentSpanId == parent && span.Kind == kind);

    public override void OnEnd(Activity data) => spans.Enqueue(data);
}
