using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Cache.Tests.Adapters;

internal sealed class AdaptersTests : CacheTest
{
    [Test]
    public async Task Distributed_KeepsBytes_UnderItsOwnKeys()
    {
        var cache = Distributed();

        await cache.SetAsync(
            "session {1}", [1, 2, 3],
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });

        Assert.That(await cache.GetAsync("session {1}"), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((string?)await Redis.StringGetAsync("distributed:session%20%7B1%7D"), Does.StartWith(
            """{"data":{"value":"AQID","expiresAt":"""));
        Assert.That(await Redis.KeyTimeToLiveAsync("distributed:session%20%7B1%7D"), Is.InRange(
            TimeSpan.FromMinutes(59), TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task Distributed_LetsEntriesLiveOn_WhenTheySlide()
    {
        var cache = Distributed();
        await cache.SetAsync(
            "s", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10) });
        await Redis.KeyExpireAsync("distributed:s", TimeSpan.FromMinutes(1));

        await cache.RefreshAsync("s");

        Assert.That(await Redis.KeyTimeToLiveAsync("distributed:s"), Is.InRange(
            TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task Distributed_Removes_AndMisses()
    {
        var cache = Distributed();
        await cache.SetAsync("s", [1], new DistributedCacheEntryOptions());

        await cache.RemoveAsync("s");

        Assert.That(await cache.GetAsync("s"), Is.Null);
        Assert.That(await Redis.KeyExistsAsync("distributed:s"), Is.False);
    }

    [Test]
    public async Task Distributed_WorksSynchronously_AndRefusesThePast()
    {
        var cache = Distributed();

        cache.Set("s", Encoding.UTF8.GetBytes("x"), new DistributedCacheEntryOptions());

        Assert.That(cache.Get("s"), Is.EqualTo("x"u8.ToArray()));
        cache.Remove("s");
        Assert.That(cache.Get("s"), Is.Null);
        await Assert.ThatAsync(
            () => cache.SetAsync(
                "s", [1], new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.UnixEpoch }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Distributed_KeepsLongKeysApart()
    {
        var cache = Distributed();
        var (one, two) = (new string('é', 600) + "1", new string('é', 600) + "2");

        await cache.SetAsync(one, [1], new DistributedCacheEntryOptions());
        await cache.SetAsync(two, [2], new DistributedCacheEntryOptions());

        Assert.That(await cache.GetAsync(one), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await cache.GetAsync(two), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task Hybrid_MakesOnce_AndInvalidatesByTag()
    {
        var cache = Hybrid();
        var calls = 0;
        ValueTask<Price> Make(CancellationToken token) => ValueTask.FromResult(new Price("EUR", ++calls));

        var first = await cache.GetOrCreateAsync("p/1", Make, tags: ["prices", "not a: tag"]);
        var second = await cache.GetOrCreateAsync("p/1", Make, tags: ["prices", "not a: tag"]);
        await cache.RemoveByTagAsync("not a: tag");
        var third = await cache.GetOrCreateAsync("p/1", Make, tags: ["prices"]);

        Assert.That((first.Amount, second.Amount, third.Amount), Is.EqualTo((1m, 1m, 2m)));
        Assert.That(await Redis.KeyExistsAsync("hybrid:p/1"), Is.True);
    }

    [Test]
    public async Task Hybrid_SetsAndRemoves()
    {
        var cache = Hybrid();

        await cache.SetAsync(
            "p", new Price("EUR", 1), new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(5) });
        var there = await cache.GetOrCreateAsync("p", _ => ValueTask.FromResult(new Price("EUR", 2)));
        await cache.RemoveAsync("p");
        var gone = await cache.GetOrCreateAsync("p", _ => ValueTask.FromResult(new Price("EUR", 3)));
        await cache.RemoveByTagAsync("*");

        Assert.That((there.Amount, gone.Amount), Is.EqualTo((1m, 3m)));
        Assert.That(await Redis.KeyExistsAsync("hybrid:p"), Is.False);
    }

    [Test]
    public async Task Hybrid_HonoursItsFlags()
    {
        var cache = Hybrid();

        var unstored = await cache.GetOrCreateAsync(
            "p", _ => ValueTask.FromResult(new Price("EUR", 1)),
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite });
        var storedThere = await Redis.KeyExistsAsync("hybrid:p");
        var onlyLook = await cache.GetOrCreateAsync(
            "p", _ => ValueTask.FromResult(new Price("EUR", 2)),
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData });

        Assert.That((unstored.Amount, storedThere, onlyLook), Is.EqualTo((1m, false, default(Price))));
    }

    private IDistributedCache Distributed() =>
        NewNode(build: builder => builder.AddDistributedCache()).Services.GetRequiredService<IDistributedCache>();

    private HybridCache Hybrid() =>
        NewNode(build: builder => builder.AddHybridCache()).Services.GetRequiredService<HybridCache>();
}
