using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Server;

namespace Mirai.Queue.Tests.Hosting;

/// <summary>A Redis without commands that the scripts use: a program does not begin, one that runs says so.</summary>
internal sealed class OldRedisTests : ServerTest
{
    [TestCase("queue-startup", HealthStatus.Unhealthy)]
    [TestCase("queue", HealthStatus.Degraded)]
    public async Task Check_NamesBothVersions(string check, HealthStatus expected)
    {
        Faults.Facts = new RedisFacts(new Version(6, 0, 20), "noeviction");
        var services = new ServiceCollection();
        services.AddSingleton<IQueueStore>(Faults);
        services.AddMiraiQueue(options => options.RedisUrl = RedisUrl);
        services.AddHealthChecks().AddMiraiQueue().AddMiraiQueueStartup();
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = report.Entries[check];
        Assert.That((entry.Status, entry.Description), Is.EqualTo((expected, "Redis 6.0.20 is older than 6.2.")));
    }
}
