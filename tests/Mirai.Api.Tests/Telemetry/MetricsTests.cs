namespace Mirai.Api.Tests.Telemetry;

internal sealed class MetricsTests : ApiTest
{
    [Test]
    public async Task Get_TellsWhatTheQueuesHold()
    {
        await PostTaskAsync("""{"type":"mail:send","queue":"metrics","taskId":"a"}""");

        var text = await Client.GetStringAsync("/metrics");

        Assert.That(text, Does.Match("""(?m)^asynq_queue_size\{[^}]*queue="metrics"[^}]*\} 1\b"""));
        Assert.That(text, Does.Contain("messaging_client_sent_messages_total{"));
    }
}
