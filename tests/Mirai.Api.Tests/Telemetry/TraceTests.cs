using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Mirai.Queue;
using Mirai.Queue.Wire;
using Mirai.Testing;
using OpenTelemetry.Trace;

namespace Mirai.Api.Tests.Telemetry;

/// <summary>One trace, from the request over the task to the calls of its handler. The handler calls the API: what it called
/// sees the trace, too.</summary>
[NonParallelizable] // its exporters hear the whole process
internal sealed class TraceTests : RedisTest
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";
    private const string TraceParent = $"00-{TraceId}-{Caller}-01";

    private static readonly ActivitySpanId CallerId = ActivitySpanId.CreateFromString(Caller);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SpanList spans = null!;
    private OtlpCollector collector = null!;
    private ApiHost api = null!;

    [SetUp]
    public void StartApi()
    {
        spans = new SpanList();
        collector = new OtlpCollector();
        api = new ApiHost(RedisUrl, collector.Settings, services =>
            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)));
    }

    [TearDown]
    public async Task StopApiAsync()
    {
        await api.DisposeAsync();
        await collector.DisposeAsync();
        spans.Dispose();
    }

    [Test]
    public async Task Trace_LeadsFromTheRequestToTheHandlersCalls()
    {
        await using var worker = await TestWorker.StartAsync(RedisUrl, CallApiAsync);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tasks");
        request.Headers.Add("traceparent", TraceParent);
        request.Content = new StringContent("""{"type":"mail:send"}""", Encoding.UTF8, "application/json");

        await api.Client.SendAsync(request);

        var server = await BelowAsync(CallerId, ActivityKind.Server);
        var send = await BelowAsync(server.SpanId, ActivityKind.Producer);
        var process = await BelowAsync(send.SpanId, ActivityKind.Consumer);
        await AssertHandlersCallAsync(process);
        Assert.That(server.DisplayName, Does.StartWith("POST /api/tasks"));
        Assert.That(send.DisplayName, Is.EqualTo("send default"));
        Assert.That(spans.Of(TraceId).Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task Trace_GoesOn_WhenAGoServiceEnqueued()
    {
        await EnqueueAsGoDoesAsync();
        await using var worker = await TestWorker.StartAsync(RedisUrl, CallApiAsync);

        var process = await BelowAsync(CallerId, ActivityKind.Consumer);

        await AssertHandlersCallAsync(process);
        Assert.That(spans.Of(TraceId).Count(), Is.EqualTo(3));
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/metrics")]
    public async Task Trace_HasNoSpansOfProbes(string path)
    {
        await GetAsync(path);
        await GetAsync("/api/queues");

        var served = await BelowAsync(CallerId, ActivityKind.Server);

        Assert.That(served.DisplayName, Does.StartWith("GET /api/queues"));
    }

    private async Task CallApiAsync(TaskContext context)
    {
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(api.Client.BaseAddress!, "/api/queues"), context.CancellationToken);
    }

    private async Task GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", TraceParent);
        await api.Client.SendAsync(request);
    }

    private async Task AssertHandlersCallAsync(Activity process)
    {
        var call = await BelowAsync(process.SpanId, ActivityKind.Client);
        var answer = await BelowAsync(call.SpanId, ActivityKind.Server);

        Assert.That(process.DisplayName, Is.EqualTo("process default"));
        Assert.That(process.Links.Single().Context.SpanId, Is.EqualTo(process.ParentSpanId));
        Assert.That(answer.DisplayName, Does.StartWith("GET /api/queues"));
        Assert.That(answer.TraceId.ToHexString(), Is.EqualTo(TraceId));
    }

    // A span is known when it has ended; its parent may end later.
    private async Task<Activity> BelowAsync(ActivitySpanId parent, ActivityKind kind)
    {
        await RedisWait.UntilAsync(
            () => Task.FromResult(spans.Below(parent, kind) is not null), Patience,
            $"there is a {kind} span below {parent}");

        return spans.Below(parent, kind)!;
    }

    // With asynq.NewTaskWithHeaders and OpenTelemetry's propagator.
    private static async Task EnqueueAsGoDoesAsync()
    {
        var message = new TaskMessage { Type = "mail:send", Id = "go-1", Queue = "default", Retry = 25, Timeout = 1800 };
        message.Headers["traceparent"] = TraceParent;
        await Redis.SetAddAsync("asynq:queues", "default");
        await Redis.HashSetAsync(
            "asynq:{default}:t:go-1",
            [new("msg", message.ToByteArray()), new("state", "pending"), new("pending_since", 1)]);
        await Redis.ListLeftPushAsync("asynq:{default}:pending", "go-1");
    }
}
