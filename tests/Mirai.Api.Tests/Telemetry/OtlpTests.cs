using Mirai.Testing;

namespace Mirai.Api.Tests.Telemetry;

[NonParallelizable] // its exporters hear the whole process
internal sealed class OtlpTests : RedisTest
{
    [Test]
    public async Task Export_SendsTracesMetricsAndLogs_WhenTheEndpointIsSet()
    {
        await using var collector = new OtlpCollector();
        await using var api = new ApiHost(RedisUrl, collector.Settings);

        using var body = new StringContent("""{"type":"mail:send","queue":"otlp"}""", null, "application/json");
        var response = await api.Client.PostAsync("/api/tasks", body);

        Assert.That(response.IsSuccessStatusCode, Is.True);
        await collector.WaitAsync("/v1/traces", "mirai-api", "send otlp", "/api/tasks");
        await collector.WaitAsync("/v1/metrics", "mirai-api", "messaging.client.sent.messages", "asynq_queue_size");
        await collector.WaitAsync("/v1/logs", "mirai-api", "Microsoft.Hosting.Lifetime");
        Assert.That(collector.Mistakes, Is.Empty);
        Assert.That(api.Log, Has.None.Contains("/v1/"), "what is sent is no news itself");
    }
}
