using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Cache.Tests.Hosting;

internal sealed class MiraiCacheServiceCollectionExtensionsTests : CacheTest
{
    [TestCase(null, null, "localhost:6379")]
    [TestCase("redis://queue:1", null, "redis://queue:1")]
    [TestCase("redis://queue:1", "redis://cache:2", "redis://cache:2")]
    [TestCase("redis://queue:1", "", "redis://queue:1")]
    public void Configuration_SaysWhereRedisIs(string? redisUrl, string? cacheUrl, string expected)
    {
        using var services = Services(("REDIS_URL", redisUrl), ("CACHE_REDIS_URL", cacheUrl));

        Assert.That(Options(services).RedisUrl, Is.EqualTo(expected));
    }

    [TestCase(null, true)]
    [TestCase("true", true)]
    [TestCase("1", true)]
    [TestCase("false", false)]
    [TestCase("False", false)]
    [TestCase("0", false)]
    public void Configuration_SaysWhetherThereIsACache(string? text, bool expected)
    {
        using var services = Services(("ENABLE_REDIS_CACHE", text));

        Assert.That(Options(services).IsEnabled, Is.EqualTo(expected));
    }

    [Test]
    public void Configuration_IsRefused_WhenTheSwitchIsNeither() => Assert.That(
        () => Services(("ENABLE_REDIS_CACHE", "perhaps")),
        Throws.InstanceOf<FormatException>().With.Message.Contains("ENABLE_REDIS_CACHE"));

    [Test]
    public void Section_BindsSettings()
    {
        using var services = Services(
            ("Cache:TimeToLive", "00:10:00"), ("Cache:Local:IsEnabled", "true"), ("Cache:Local:SizeLimit", "2048"));
        var options = Options(services);

        Assert.That((options.TimeToLive, options.Local.IsEnabled, options.Local.SizeLimit), Is.EqualTo((
            TimeSpan.FromMinutes(10), true, 2_048L)));
        Assert.That((options.RedisTimeout, options.Jitter), Is.EqualTo((TimeSpan.FromMilliseconds(250), 0.1)));
    }

    [TestCase("Cache:TimeToLive", "2.00:00:00", "TimeToLive")]
    [TestCase("Cache:RedisTimeout", "00:00:00", "RedisTimeout")]
    [TestCase("Cache:Jitter", "0.9", "Jitter")]
    [TestCase("Cache:Local:SizeLimit", "5", "SizeLimit")]
    [TestCase("Cache:Local:TrackedPrefixes:0", "hyb", "TrackedPrefixes")]
    [TestCase("REDIS_URL", "http://x", "RedisUrl")]
    public void Settings_AreRefused_OutsideTheirLimits(string name, string value, string named)
    {
        using var services = Services((name, value));

        Assert.That(
            () => Options(services), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(named));
    }

    [Test]
    public async Task DisabledCache_AlwaysMisses_AndConnectsNowhere()
    {
        await using var services = Services(("ENABLE_REDIS_CACHE", "false"), ("REDIS_URL", RedisUrl));
        var cache = services.GetRequiredService<ICache>();
        var key = CacheKey.Of<string>("page");

        var written = await cache.SetAsync(key, "x");
        var made = await cache.GetOrCreateAsync(key, _ => ValueTask.FromResult("made"));
        var again = await cache.GetOrCreateAsync(key, _ => ValueTask.FromResult("made again"));
        var invalidated = await cache.InvalidateAsync(CachePattern.Of("page*"));
        var held = await services.GetRequiredService<ICacheLocks>().AcquireAsync("a");

        Assert.That((written.Status, made, again), Is.EqualTo((CacheWriteStatus.Bypassed, "made", "made again")));
        Assert.That((await cache.GetAsync(key), invalidated.IsDelivered, held), Is.EqualTo((
            default(CacheEntry<string>), false, default(CacheLock))));
        Assert.That(cache.Status, Is.EqualTo(CacheStatus.Disabled));
        Assert.That(await Testing.RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Nothing_IsOpened_BeforeTheFirstUse()
    {
        var opened = 0;
        var node = NewNode(build: builder => builder.UseConnection(async _ =>
        {
            opened++;
            return await ConnectionMultiplexer.ConnectAsync(RedisUrl);
        }).AddLocalLevel());
        var before = (node.Cache.Status, node.Locks is not null, opened);

        await node.Cache.GetAsync(CacheKey.Of<string>("library:index"));

        Assert.That(before, Is.EqualTo((CacheStatus.Idle, true, 0)));
        Assert.That((node.Cache.Status, opened), Is.EqualTo((CacheStatus.Available, 1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Connection_IsSharedWithTheQueue_WhenBothUseTheSameAddress(bool same)
    {
        var opened = new List<string>();
        var services = new ServiceCollection();
        services.AddKeyedSingleton<Func<Task<IConnectionMultiplexer>>>(KeyedService.AnyKey, (_, address) =>
        {
            var connection = new Lazy<Task<IConnectionMultiplexer>>(async () =>
            {
                opened.Add((string)address!);
                return await ConnectionMultiplexer.ConnectAsync(RedisUrl);
            });
            return () => connection.Value;
        });
        services.AddMiraiQueue(options => options.RedisUrl = RedisUrl);
        services.AddMiraiCache(options => options.RedisUrl = same ? RedisUrl : $"redis://{RedisUrl}/0");
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IQueueClient>().EnqueueAsync(new QueueTask("mail:send"));
        await provider.GetRequiredService<ICache>().SetAsync(CacheKey.Of<string>("page"), "x");

        Assert.That(opened, Has.Count.EqualTo(same ? 1 : 2));
        foreach (var address in opened)
        {
            await (await provider.GetRequiredKeyedService<Func<Task<IConnectionMultiplexer>>>(address)()).DisposeAsync();
        }
    }

    private static ServiceProvider Services(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddMiraiCache(configuration);

        return services.BuildServiceProvider();
    }

    private static CacheOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<CacheOptions>>().Value;
}
