using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Cache.Tests.Faults;

/// <summary>Redis is stopped, frozen, busy and started again: that is a state and not an exception, and nothing stale
/// is served afterwards.</summary>
[RequiresRedisServer]
[NonParallelizable] // it measures time
internal sealed class RedisAwayTests : CacheTest
{
    private static readonly CacheKey<string> Page = CacheKey.Of<string>("page:1");
    private static readonly CacheEntryOptions Day = new() { TimeToLive = TimeSpan.FromHours(20) };

    // No caller waits longer than the configured 250 ms; a busy machine may add to that.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);

    private RedisServerProcess server = null!;

    [SetUp]
    public async Task StartServerAsync() => server = await RedisServerProcess.StartTemporaryAsync(
        RedisServerProcess.FindExecutable()!, "--appendonly", "yes", "--appendfsync", "always",
        "--enable-debug-command", "yes");

    [TearDown]
    public async Task StopServerAsync() => await server.DisposeAsync();

    [Test]
    public async Task Calls_MissAtOnce_WhenRedisNeverWas()
    {
        await server.StopAsync();
        var node = Node();

        var read = await WithinAsync(() => node.Cache.GetAsync(Page).AsTask());
        var made = await WithinAsync(
            () => node.Cache.GetOrCreateAsync(Page, _ => ValueTask.FromResult("made")).AsTask());
        var written = await WithinAsync(() => node.Cache.SetAsync(Page, "x").AsTask());
        var taken = await WithinAsync(() => node.Locks.AcquireAsync("a").AsTask());

        Assert.That((read, made, written.Status, taken), Is.EqualTo((
            default(CacheEntry<string>), "made", CacheWriteStatus.Bypassed, default(CacheLock))));
        Assert.That(node.Cache.Status, Is.EqualTo(CacheStatus.Degraded));
    }

    [Test]
    public async Task StaleValues_AreNotServed_AfterRedisComesBack(
        [Values("stopped", "frozen")] string how, [Values("delete", "pattern", "tag", "set")] string invalidation)
    {
        var (node, other) = (Node(), Node());
        await node.Cache.SetAsync(Page, "old", Day with { Tags = ["news"] });
        await other.Cache.GetAsync(Page);
        await (how == "stopped" ? server.StopAsync() : FreezeAsync());

        var delivered = await WithinAsync(async () => invalidation switch
        {
            "delete" => (await node.Cache.DeleteAsync(Page)).IsDone,
            "pattern" => (await node.Cache.InvalidateAsync(CachePattern.Of("page:*"))).IsDelivered,
            "tag" => (await node.Cache.InvalidateTagAsync("news")).IsDelivered,
            _ => (await node.Cache.SetAsync(Page, "new")).IsDone,
        });
        var away = node.Cache.Status;
        await (how == "stopped" ? server.StartAgainAsync() : ThawAsync());
        await node.UntilAsync(() => node.Cache.Status == CacheStatus.Available);

        Assert.That((delivered, away), Is.EqualTo((false, CacheStatus.Degraded)));
        Assert.That((await node.Cache.GetAsync(Page))?.Value, Is.Null.Or.EqualTo("new"));
        await UntilAsync(async () => (await other.Cache.GetAsync(Page))?.Value != "old");
        Assert.That(
            node.Log.Select((line, i) => line.Contains(
                i % 2 == 0 ? "works without Redis" : "uses Redis again", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.True, "one line per change");
    }

    [Test]
    public async Task Callers_WaitForNoneButTheFirstTimeout_WhenRedisFreezes()
    {
        var node = Node();
        await node.Cache.SetAsync(Page, "old", Day);
        server.Freeze();

        var answers = await WithinAsync(() => Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => node.Cache.GetOrCreateAsync(CacheKey.Of<int>($"n:{i}"), _ => ValueTask.FromResult(i)).AsTask())));
        await node.UntilAsync(() => node.Cache.Status == CacheStatus.Degraded);
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.That(await node.Cache.GetAsync(Page), Is.Null);
        }

        // A thousand time-outs would be four minutes.
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(Prompt));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 200)));
        Assert.That(node.Metrics.Sum("mirai.cache.bypassed"), Is.GreaterThanOrEqualTo(1_000));
        Assert.That(
            node.Metrics.Sum("mirai.cache.misses", "mirai.cache.reason=bypassed"), Is.GreaterThanOrEqualTo(1_000));
        Assert.That(node.Metrics.Sum("mirai.cache.errors"), Is.GreaterThan(0));
        server.Thaw();
        await UntilAsync(async () => (await node.Cache.GetAsync(Page))?.Value == "old");
    }

    [Test]
    public async Task Cache_GoesOnByItself_WhenRedisWasBusy()
    {
        var node = Node();
        await node.Cache.SetAsync(Page, "old", Day);
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
        var sleeping = admin.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "2");

        await UntilAsync(async () => await node.Cache.GetAsync(Page) is null);
        await node.UntilAsync(() => node.Cache.Status == CacheStatus.Degraded);
        await sleeping;
        await UntilAsync(async () => (await node.Cache.GetAsync(Page))?.Value == "old");

        Assert.That(node.Cache.Status, Is.EqualTo(CacheStatus.Available));
    }

    [Test]
    public async Task Health_IsDegraded_WhileRedisIsAway_AndNeverWorse()
    {
        var node = CacheNode.Create(server.Url, Quick, builder => builder.Services.AddHealthChecks().AddMiraiCache());
        await using var disposed = node;
        var health = node.Services.GetRequiredService<HealthCheckService>();

        var unused = (await health.CheckHealthAsync()).Status;
        await node.Cache.SetAsync(Page, "x");
        var used = (await health.CheckHealthAsync()).Status;
        await server.StopAsync();
        var away = (await health.CheckHealthAsync()).Status;
        await server.StartAgainAsync();
        await UntilAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy);

        Assert.That(
            (unused, used, away), Is.EqualTo((HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Degraded)));
    }

    [Test]
    public async Task Lost_FiresInTime_WhenRedisIsAwayTooLong()
    {
        var node = Node();
        await using var held = await node.Locks.AcquireAsync(
            "a", new CacheLockOptions { TimeToLive = TimeSpan.FromSeconds(2) });
        var lost = new TaskCompletionSource();
        held!.Lost.Register(lost.SetResult);

        server.Freeze();
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
        server.Thaw();

        Assert.That(held.IsHeld, Is.False);
    }

    [Test]
    public async Task Lock_Survives_WhenTheConnectionIsCut()
    {
        var node = Node();
        await using var held = await node.Locks.AcquireAsync(
            "a", new CacheLockOptions { TimeToLive = TimeSpan.FromSeconds(3) });
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");

        await admin.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await admin.GetDatabase().KeyExpireAsync("lock:a", TimeSpan.FromSeconds(2));
        await UntilAsync(
            async () => await admin.GetDatabase().KeyTimeToLiveAsync("lock:a") > TimeSpan.FromSeconds(2.2));

        Assert.That(held!.IsHeld, Is.True);
    }

    private static void Quick(CacheOptions options) => options.RedisTimeout = TimeSpan.FromMilliseconds(250);

    private CacheNode Node() => NewNode(server.Url, Quick);

    private Task FreezeAsync()
    {
        server.Freeze();
        return Task.CompletedTask;
    }

    private Task ThawAsync()
    {
        server.Thaw();
        return Task.CompletedTask;
    }

    private static async Task<T> WithinAsync<T>(Func<Task<T>> call)
    {
        var watch = Stopwatch.StartNew();
        var result = await call();

        Assert.That(watch.Elapsed, Is.LessThan(Prompt));
        return result;
    }
}
