using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache.Local;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Tests.Local;

/// <summary>The first level by itself, without Redis.</summary>
internal sealed class LocalLevelTests
{
    private readonly FakeTimeProvider time = new();
    private ServiceProvider services = null!;

    [SetUp]
    public void Start() => services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [TearDown]
    public void Stop() => services.Dispose();

    [Test]
    public void Put_StaysWithinItsLimit_AndKeepsWhatIsAskedFor()
    {
        var local = New(sizeLimit: 100_000);
        Put(local, "wanted");
        for (var i = 0; i < 10_000; i++)
        {
            Put(local, $"page:{i}");
            Assert.That(local.TryGet<string>("wanted", out _), Is.True);
        }

        Assert.That(local.Size, Is.LessThanOrEqualTo(100_000));
        Assert.That(local.Count, Is.InRange(50, 100));
    }

    [Test]
    public void Put_KeepsNothing_ThatIsTooLarge()
    {
        var local = New(sizeLimit: 1_024);

        Put(local, "page", bytes: 2_000);

        Assert.That(local.Count, Is.Zero);
    }

    [Test]
    public void TryGet_Misses_AfterTheLifetime()
    {
        var local = New();
        Put(local, "page");

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(local.TryGet<string>("page", out _), Is.False);
    }

    [Test]
    public void Put_KeepsNothing_WhenThereWasNewsSinceTheRead()
    {
        var local = New();
        var (one, two, three) = (local.Ticket("page:1"), local.Ticket("page:2"), local.Ticket("page:3"));

        local.Drop(Invalidation.OfEntry("page:1"));
        Put(local, "page:1", ticket: one);
        Put(local, "page:2", ticket: two);
        local.Drop(Invalidation.OfPattern(CachePattern.Of("other:*")));
        Put(local, "page:3", ticket: three);

        Assert.That(local.TryGet<string>("page:1", out _), Is.False);
        Assert.That(local.TryGet<string>("page:2", out _), Is.True);
        Assert.That(local.TryGet<string>("page:3", out _), Is.False, "patterns may mean any key");
    }

    [Test]
    public void Drop_TakesWhatIsMeant()
    {
        var local = New();
        Put(local, "page:1");
        Put(local, "page:2", tags: "news");
        Put(local, "other");

        local.Drop(Invalidation.OfTag("news"));
        var afterTag = local.Count;
        local.Drop(Invalidation.OfPattern(CachePattern.Of("page:*")));

        Assert.That((afterTag, local.Count, local.TryGet<string>("other", out _)), Is.EqualTo((2, 1, true)));
    }

    [Test]
    public void Memory_IsBounded_WhenOneKeyIsReplacedForEver()
    {
        var local = New();
        for (var i = 0; i < 10_000; i++)
        {
            Put(local, "page");
        }

        Assert.That(local.Count, Is.EqualTo(1));
        Assert.That(local.Size, Is.LessThan(2_000));
    }

    private LocalLevel New(long sizeLimit = 1_000_000) => new(
        new LocalLevelOptions { IsEnabled = true, SizeLimit = sizeLimit }, time,
        ActivatorUtilities.CreateInstance<CacheMetrics>(services));

    private void Put(
        LocalLevel local, string name, int bytes = 1_000, LocalTicket? ticket = null,
        params string[] tags) => local.Put(
        ticket ?? local.Ticket(name), name, new CacheEntry<string>("x", CacheETag.Parse("\"a\""), time.GetUtcNow()),
        bytes, TimeSpan.FromSeconds(5), tags);
}
