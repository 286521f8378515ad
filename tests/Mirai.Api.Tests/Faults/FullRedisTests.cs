using System.Net;
using System.Text;
using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.Api.Tests.Faults;

/// <summary>A Redis at its memory limit: the answer says so, and what empties Redis works.</summary>
[RequiresRedisServer]
internal sealed class FullRedisTests
{
    [Test]
    public async Task Enqueue_Answers507_AndReadinessTellsIt_WhenRedisIsFull()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--maxmemory-policy", "noeviction");
        await using var api = new ApiHost(redis.Url);
        await using var admin = await TestRedis.ConnectAsync(redis.Url);
        Assert.That((await PostAsync(api)).StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");

        using var refused = await PostAsync(api);
        using var ready = await api.Client.GetAsync("/health/ready");
        using var deleted = await api.Client.DeleteAsync("/api/queues/default?force=true");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InsufficientStorage));
        Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("Redis is full"));
        Assert.That(await ready.Content.ReadAsStringAsync(), Does.Contain("Redis is full"));
        Assert.That(deleted.IsSuccessStatusCode, Is.True, await deleted.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> PostAsync(ApiHost api) => api.Client.PostAsync(
        "/api/tasks", new StringContent("""{"type":"x"}""", Encoding.UTF8, "application/json"));
}
