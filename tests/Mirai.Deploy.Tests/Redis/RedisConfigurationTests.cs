using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>Starts a real Redis from the configuration files.</summary>
[RequiresRedisServer]
internal sealed class RedisConfigurationTests
{
    private const string Save = "900 1 300 10 60 10000";

    [TestCase("maxmemory", "268435456")]
    [TestCase("maxmemory-policy", "volatile-lru")]
    [TestCase("save", Save)]
    [TestCase("appendonly", "yes")]
    [TestCase("appendfsync", "everysec")]
    [TestCase("notify-keyspace-events", "xE")]
    [TestCase("databases", "16")]
    [TestCase("hash-max-listpack-value", "1024")]
    public async Task SharedRedis_HasTheSettingsPromised(string setting, string expected)
    {
        await using var redis = await ConfiguredRedis.StartAsync();
        await using var admin = await redis.ConnectAsync("admin");

        Assert.That(await SettingAsync(admin, setting), Is.EqualTo(expected));
    }

    [Test]
    public async Task SharedRedis_KeepsATaskInOneAllocation()
    {
        await using var redis = await ConfiguredRedis.StartAsync();
        await using var admin = await redis.ConnectAsync("admin");
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));

        await producer.Client.EnqueueAsync(new QueueTask("t", new byte[200], new EnqueueOptions { TaskId = "small" }));

        Assert.That(
            (string?)await admin.GetDatabase().ExecuteAsync("OBJECT", "ENCODING", "asynq:{default}:t:small"),
            Is.EqualTo("listpack"));
    }

    [Test]
    public async Task CacheRedis_DropsWhatItLikes_AndKeepsNothing()
    {
        await using var redis = await ConfiguredRedis.StartAsync("cache.conf");
        await using var admin = await redis.ConnectAsync("admin");

        Assert.That(await SettingAsync(admin, "maxmemory-policy"), Is.EqualTo("allkeys-lru"));
        Assert.That(await SettingAsync(admin, "appendonly"), Is.EqualTo("no"));
        Assert.That(await SettingAsync(admin, "save"), Is.Empty);
    }

    // The cache server of the overlay split-redis.
    [Test]
    public async Task QueueRedis_RefusesWhatItCannotKeep()
    {
        await using var redis = await ConfiguredRedis.StartAsync("redis.conf", "--maxmemory-policy", "noeviction");
        await using var admin = await redis.ConnectAsync("admin");

        Assert.That(await SettingAsync(admin, "maxmemory-policy"), Is.EqualTo("noeviction"));
        Assert.That(await SettingAsync(admin, "save"), Is.EqualTo(Save));
    }

    private static async Task<string> SettingAsync(ConnectionMultiplexer admin, string name) =>
        (await admin.GetServers()[0].ConfigGetAsync(name)).Single().Value;
}
