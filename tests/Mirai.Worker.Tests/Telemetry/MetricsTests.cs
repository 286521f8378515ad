using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Hosting.Ops;
using Mirai.Platform;
using Mirai.Queue;

namespace Mirai.Worker.Tests.Telemetry;

[NonParallelizable] // its exporters hear the whole process
internal sealed class MetricsTests : WorkerTest
{
    // Asynq's exporter: x/metrics/metrics.go.
    private static readonly string[] OfAsynq =
    [
        "asynq_queue_latency_seconds gauge", "asynq_queue_memory_usage_approx_bytes gauge",
        "asynq_queue_paused_total gauge",
        "asynq_queue_size gauge", "asynq_tasks_enqueued_total gauge", "asynq_tasks_failed_total counter",
        "asynq_tasks_processed_total counter",
    ];

    [Test]
    public async Task Get_HasTheSeriesOfAsynqsExporter_WhenTheWorkerTellsAboutQueues()
    {
        using var client = await StartAsync(RedisUrl, "--Telemetry:QueueFigures=true");
        var producer = await ProducerAsync();
        await Client(producer).EnqueueAsync(new StripeProvision("cs_1"), new EnqueueOptions { Queue = "mail" });

        var text = await client.GetStringAsync("/metrics");

        Assert.That(
            Types(text).Where(line => line.StartsWith("asynq_", StringComparison.Ordinal)), Is.EqualTo(OfAsynq));
        Assert.That(text, Does.Match("""(?m)^asynq_queue_size\{[^}]*queue="mail"[^}]*\} 1\b"""));
        Assert.That(text, Does.Match("""(?m)^asynq_tasks_enqueued_total\{[^}]*queue="mail",state="pending"[^}]*\} 1\b"""));
    }

    [Test]
    public async Task Get_AnswersWithoutTheseSeries_WhenRedisIsAway()
    {
        using var client = await StartAsync("redis://127.0.0.1:1", "--Telemetry:QueueFigures=true");

        var text = await client.GetStringAsync("/metrics");

        Assert.That(text, Does.Contain("# EOF").Or.Contain("# TYPE"));
        Assert.That(text, Does.Not.Contain("asynq_queue_size{"));
    }

    [Test]
    public async Task Get_TellsNothingAboutQueues_ByDefault()
    {
        using var client = await StartAsync(RedisUrl);

        var text = await client.GetStringAsync("/metrics");

        Assert.That(text, Does.Contain("dotnet_").And.Not.Contain("asynq_"));
    }

    private static IEnumerable<string> Types(string text) =>
        Regex.Matches(text, "^# TYPE (.+?)\r?$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).Order();

    private async Task<HttpClient> StartAsync(string redisUrl, params string[] settings)
    {
        var host = Worker(["--Ops:Port=0", $"--REDIS_URL={redisUrl}", .. settings]);
        await host.StartAsync();

        return new HttpClient { BaseAddress = host.Services.GetRequiredService<OpsServer>().Url };
    }
}
