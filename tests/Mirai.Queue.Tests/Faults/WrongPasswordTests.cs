using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Local.Redis;
using Mirai.Queue.Hosting;
using Mirai.Queue.Server;
using Mirai.Queue.Tests.Server;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Faults;

/// <summary>Redis refuses the password of a worker: the worker says so, and is not healthy.</summary>
[RequiresRedisServer]
internal sealed class WrongPasswordTests
{
    [Test]
    public async Task Worker_IsNotHealthy_WhenThePasswordIsWrong()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--requirepass", "other");
        await using var worker = await WorkerHost.StartAsync($"redis://:wrong@{redis.Url}", (_, _) => Task.CompletedTask);
        var check = new FetchingHealthCheck((QueueServer)worker.Server);
        var context = new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("fetching", check, HealthStatus.Unhealthy, tags: null),
        };

        await RedisWait.UntilAsync(
            async () => (await check.CheckHealthAsync(context)).Description == "Redis refuses the user or the password.",
            TimeSpan.FromSeconds(30), "the check names the password");

        Assert.That((await check.CheckHealthAsync(context)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }
}
