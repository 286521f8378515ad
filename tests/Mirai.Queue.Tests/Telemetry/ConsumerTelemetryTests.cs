using System.Diagnostics;

namespace Mirai.Queue.Tests.Telemetry;

internal sealed class ConsumerTelemetryTests : TelemetryTest
{
    [Test]
    public async Task Process_LinksToTheProducer_InOneTrace()
    {
        const string Producer = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var parts = Parts();
        await EnqueueAsync(NewTask(
            "a", new EnqueueOptions { Headers = new Dictionary<string, string> { ["traceparent"] = Producer } }));

        await RunTakenAsync(parts);

        var span = Spans.Single();
        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("process mail", ActivityKind.Consumer)));
        Assert.That(span.TraceId.ToHexString(), Is.EqualTo("0af7651916cd43dd8448eb211c80319c"));
        Assert.That(span.Links.Single().Context.SpanId.ToHexString(), Is.EqualTo("b7ad6b7169203331"));
        Assert.That(span.GetTagItem("messaging.message.id"), Is.EqualTo("a"));
        Assert.That(span.GetTagItem("mirai.task.type"), Is.EqualTo("mail:send"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public async Task Process_TellsTheErrorsTypeOnly_WhenTheHandlerFails()
    {
        const string Type = "System.InvalidOperationException";
        var parts = Parts(_ => throw new InvalidOperationException("secret", new FormatException("secret")));
        await EnqueueAsync(NewTask("a"));

        await RunTakenAsync(parts);

        var span = Spans.Single();
        Assert.That((span.Status, span.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, Type)));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo(Type));
        Assert.That(span.Events, Is.Empty);
        Assert.That(span.TagObjects.Select(tag => $"{tag.Value}"), Has.None.Contains("secret"));
    }

    [TestCase("not a traceparent")]
    [TestCase("00-00000000000000000000000000000000-0000000000000000-00")]
    public async Task Process_StartsItsOwnTrace_WhenTheHeaderIsNoContext(string header)
    {
        var parts = Parts();
        await EnqueueAsync(NewTask(
            "a", new EnqueueOptions { Headers = new Dictionary<string, string> { ["traceparent"] = header } }));

        await RunTakenAsync(parts);

        Assert.That(Handled, Has.Count.EqualTo(1));
        Assert.That(Spans.Single().Links.Where(link => link.Context.SpanId == default), Is.Empty);
    }

    [Test]
    public async Task Handler_SeesTheSpan_AsItsCurrentActivity()
    {
        var current = new TaskCompletionSource<string?>();
        var parts = Parts(_ =>
        {
            current.SetResult(Activity.Current?.DisplayName);
            return Task.CompletedTask;
        });
        await EnqueueAsync(NewTask("a"));

        await RunTakenAsync(parts);

        Assert.That(await current.Task, Is.EqualTo("process mail"));
    }
}
