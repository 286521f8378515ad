using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Hosting.Ops;

namespace Mirai.Worker.Tests.Ops;

internal sealed class OpsServerTests : WorkerTest
{
    private const string NobodyListens = "redis://127.0.0.1:1";

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/health/startup")]
    public async Task Get_IsHealthy_OnceTheWorkerTakesTasks(string path)
    {
        using var client = await StartAsync(RedisUrl);

        await WaitUntilAsync(async () => (await client.GetAsync(path)).StatusCode == HttpStatusCode.OK);

        Assert.That(await client.GetStringAsync(path), Does.Match("^(Healthy|Degraded)"));
    }

    [TestCase("/health/live", HttpStatusCode.OK)]
    [TestCase("/health/ready", HttpStatusCode.ServiceUnavailable)]
    [TestCase("/health/startup", HttpStatusCode.ServiceUnavailable)]
    public async Task Get_OnlyLivesOn_WhenRedisIsAway(string path, HttpStatusCode expected)
    {
        using var client = await StartAsync(NobodyListens);

        var response = await client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    private async Task<HttpClient> StartAsync(string redisUrl)
    {
        var host = Worker("--Ops:Port=0", $"--REDIS_URL={redisUrl}");
        await host.StartAsync();

        return new HttpClient { BaseAddress = host.Services.GetRequiredService<OpsServer>().Url };
    }
}
