using Mirai.Platform;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Worker.Tests.Telemetry;

[NonParallelizable] // its exporters hear the whole process
internal sealed class OtlpTests : WorkerTest
{
    [Test]
    public async Task Export_SendsTracesMetricsAndLogs_WhenTheEndpointIsSet()
    {
        await using var collector = new OtlpCollector();
        var worker = Worker(
            ["--Ops:Port=0", .. collector.Settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
        await worker.StartAsync();

        await Client(worker).EnqueueAsync(new StripeProvision("cs_1"), new EnqueueOptions { Queue = "default" });

        await collector.WaitAsync("/v1/traces", "mirai-worker", "process default", "stripe:provision");
        await collector.WaitAsync("/v1/metrics", "mirai-worker", "messaging.process.duration", "stripe:provision");
        await collector.WaitAsync("/v1/logs", "mirai-worker", "Listening for probes and metrics");
        Assert.That(collector.Mistakes, Is.Empty);
    }
}
