using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Hosting;

[RequiresRedisServer]
internal sealed class QueueHealthCheckTests
{
    [TestCase("noeviction", HealthStatus.Healthy)]
    [TestCase("volatile-lru", HealthStatus.Healthy)]
    [TestCase("allkeys-lru", HealthStatus.Degraded)]
    public async Task Check_TellsWhetherRedisKeepsTasks(string policy, HealthStatus expected)
    {
        await using var redis = await StartAsync("--maxmemory-policy", policy);

        Assert.That((await CheckAsync(redis.Url)).Status, Is.EqualTo(expected));
    }

    [TestCase("noeviction")]
    [TestCase("volatile-lru")]
    public async Task Check_SaysFull_WhenRedisStoresNothingMore(string policy)
    {
        await using var redis = await StartAsync("--maxmemory-policy", policy, "--maxmemory", "1");

        var entry = await CheckAsync(redis.Url);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.StartWith("Redis is full (maxmemory): it refuses new tasks."));
    }

    [Test]
    public async Task Check_Fails_WhenRedisIsAway()
    {
        var redis = await StartAsync();
        await redis.DisposeAsync();

        var entry = await CheckAsync(redis.Url);

        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Unhealthy, "Redis does not answer.")));
    }

    [Test]
    public async Task Check_IsHealthy_WhenTheUserMayNotAskForInfo()
    {
        await using var redis = await StartAsync("--rename-command", "INFO", "");

        Assert.That((await CheckAsync(redis.Url)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    private static Task<RedisServerProcess> StartAsync(params string[] settings) =>
        RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!, settings);

    private static async Task<HealthReportEntry> CheckAsync(string url)
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(options => options.RedisUrl = url);
        services.AddHealthChecks().AddMiraiQueue();
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        return report.Entries["queue"];
    }
}
