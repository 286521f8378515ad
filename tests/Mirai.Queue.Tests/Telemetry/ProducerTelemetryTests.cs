using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Client;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Server;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Telemetry;

internal sealed class ProducerTelemetryTests : TelemetryTest
{
    [Test]
    public async Task Send_TellsTheErrorsTypeOnly_WhenRedisRefuses()
    {
        const string Type = "StackExchange.Redis.RedisServerException";
        Faults.Plan(_ => FaultyStore.Fault.Refused);
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var client = new QueueClient(
            Faults, new PayloadSerializer([]), new QueueOptions(),
            new QueueMetrics(meters.GetRequiredService<IMeterFactory>()), TimeProvider.System);

        await Assert.ThrowsAsync<RedisServerException>(() => client.EnqueueAsync(new QueueTask("mail:send")));

        var span = Spans.Single();
        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("send default", ActivityKind.Producer)));
        Assert.That((span.Status, span.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, Type)));
        Assert.That(span.Events, Is.Empty);
    }
}
