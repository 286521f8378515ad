namespace Mirai.Cache.Tests.Filling;

/// <summary>Entries past their lifetime: served while the next one is made, and when it cannot be made.</summary>
internal sealed class StaleEntryTests : CacheTest
{
    private static readonly CacheKey<string> Key = CacheKey.Of<string>("page:1");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private FakeTimeProvider clock = null!;

    [SetUp]
    public void StartClock() => Time = clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());

    [Test]
    public async Task StaleWhileRevalidate_ServesAtOnce_AndMakesTheNextInTheBackground()
    {
        var node = NewNode();
        var options = new CacheEntryOptions { TimeToLive = Minute, Jitter = 0, StaleWhileRevalidate = 2 * Minute };
        await FillAsync(node.Cache, options);
        clock.Advance(1.5 * Minute);
        var made = new TaskCompletionSource<string>();

        var served = await node.Cache.GetOrCreateEntryAsync(Key, async _ => await made.Task, options);
        made.SetResult("new");
        await node.UntilAsync(() =>
            node.Metrics.Count("mirai.cache.operation.duration", "mirai.cache.operation=set") == 2);

        Assert.That((await node.Cache.GetAsync(Key))?.Value, Is.EqualTo("new"));
        Assert.That((served.Value, served.IsStale), Is.EqualTo(("old", true)));
        Assert.That(node.Metrics.Sum("mirai.cache.stale_served", "revalidating"), Is.EqualTo(1));
    }

    [Test]
    public async Task StaleWhileRevalidate_EndsAfterItsTime()
    {
        var cache = NewNode().Cache;
        var options = new CacheEntryOptions { TimeToLive = Minute, Jitter = 0, StaleWhileRevalidate = Minute, StaleIfError = 10 * Minute };
        await FillAsync(cache, options);
        clock.Advance(2.5 * Minute);

        Assert.That(await cache.GetOrCreateAsync(Key, Value("new"), options), Is.EqualTo("new"));
    }

    [Test]
    public async Task StaleIfError_ServesTheOld_WhenTheFactoryFails()
    {
        var node = NewNode();
        var options = new CacheEntryOptions { TimeToLive = Minute, Jitter = 0, StaleIfError = TimeSpan.FromHours(24) };
        await FillAsync(node.Cache, options);
        clock.Advance(TimeSpan.FromHours(23));

        var served = await node.Cache.GetOrCreateEntryAsync(Key, Fails, options);

        Assert.That((served.Value, served.IsStale), Is.EqualTo(("old", true)));
        Assert.That(node.Metrics.Sum("mirai.cache.stale_served", "error"), Is.EqualTo(1));
        Assert.That(node.Log, Has.Some.Contains("The factory of cache entry page:1 failed"));
    }

    [Test]
    public async Task StaleIfError_EndsAtADay_WhateverWasAskedFor()
    {
        var cache = NewNode().Cache;
        var options = new CacheEntryOptions { TimeToLive = TimeSpan.FromHours(1), Jitter = 0, StaleIfError = TimeSpan.FromHours(24) };
        await FillAsync(cache, options);
        clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        await Assert.ThatAsync(
            async () => await cache.GetOrCreateAsync(Key, Fails, options), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Get_NeverServesStale()
    {
        var cache = NewNode().Cache;
        await FillAsync(cache, new CacheEntryOptions { TimeToLive = Minute, Jitter = 0, StaleIfError = 10 * Minute });

        clock.Advance(2 * Minute);

        Assert.That(await cache.GetAsync(Key), Is.Null);
        Assert.That(await Redis.KeyExistsAsync("page:1"), Is.True);
    }

    [Test]
    public async Task SoftTimeout_ServesTheOld_WhileTheFactoryGoesOn()
    {
        var node = NewNode();
        var options = new CacheEntryOptions
        {
            TimeToLive = Minute, Jitter = 0, StaleIfError = 10 * Minute, FactorySoftTimeout = TimeSpan.FromSeconds(1),
        };
        await FillAsync(node.Cache, options);
        clock.Advance(2 * Minute);
        var (began, made) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        async ValueTask<string> Slow(CancellationToken token)
        {
            began.SetResult();
            return await made.Task;
        }

        var asked = node.Cache.GetOrCreateEntryAsync(Key, Slow, options).AsTask();
        await began.Task;
        clock.Advance(TimeSpan.FromSeconds(2));
        var served = await asked;
        made.SetResult("new");
        await node.UntilAsync(() =>
            node.Metrics.Count("mirai.cache.operation.duration", "mirai.cache.operation=set") == 2);

        Assert.That((await node.Cache.GetAsync(Key))?.Value, Is.EqualTo("new"));
        Assert.That((served.Value, served.IsStale), Is.EqualTo(("old", true)));
        Assert.That(node.Metrics.Sum("mirai.cache.stale_served", "slow"), Is.EqualTo(1));
    }

    [Test]
    public async Task HardTimeout_CancelsTheFactory_AndThrows_WhenThereIsNothingToServe()
    {
        var cache = NewNode().Cache;
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var asked = cache.GetOrCreateAsync(
            Key,
            async token =>
            {
                token.Register(cancelled.SetResult);
                began.SetResult();
                await new TaskCompletionSource().Task;
                return "never";
            },
            new CacheEntryOptions { FactoryHardTimeout = TimeSpan.FromSeconds(3) }).AsTask();
        await began.Task;

        clock.Advance(TimeSpan.FromSeconds(4));

        await Assert.ThatAsync(() => asked, Throws.InstanceOf<TimeoutException>().With.Message.Contains("page:1"));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task HardTimeout_Throws_WhenTheFactoryBlocksBeforeItsFirstAwait()
    {
        var cache = NewNode().Cache;
        var began = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        var asked = Task.Run(() => cache.GetOrCreateAsync(
            Key,
            _ =>
            {
                began.SetResult();
                release.Wait(CancellationToken.None);
                return new ValueTask<string>("late");
            },
            new CacheEntryOptions { FactoryHardTimeout = TimeSpan.FromSeconds(3) }).AsTask());
        await began.Task;

        clock.Advance(TimeSpan.FromSeconds(4));

        await Assert.ThatAsync(
            () => asked.WaitAsync(TimeSpan.FromSeconds(10)),
            Throws.InstanceOf<TimeoutException>().With.Message.Contains("page:1"));
        release.Set();
    }

    [Test]
    public async Task HardTimeout_ServesTheOld_WhenThatIsAllowed()
    {
        var cache = NewNode().Cache;
        var options = new CacheEntryOptions
        {
            TimeToLive = Minute, Jitter = 0, StaleIfError = 10 * Minute, FactoryHardTimeout = TimeSpan.FromSeconds(3),
        };
        await FillAsync(cache, options);
        clock.Advance(2 * Minute);
        var began = new TaskCompletionSource();
        var asked = cache.GetOrCreateEntryAsync(
            Key,
            async _ =>
            {
                began.SetResult();
                await new TaskCompletionSource().Task;
                return "never";
            },
            options).AsTask();
        await began.Task;

        clock.Advance(TimeSpan.FromSeconds(4));

        Assert.That((await asked).IsStale, Is.True);
    }

    // The clock must not jump while the lock is released.
    private static async Task FillAsync(ICache cache, CacheEntryOptions options)
    {
        await cache.GetOrCreateAsync(Key, Value("old"), options);
        await UntilAsync(async () => !await Redis.KeyExistsAsync("lock:page:1"));
    }

    private static Func<CancellationToken, ValueTask<string>> Value(string value) => _ => ValueTask.FromResult(value);

    private static ValueTask<string> Fails(CancellationToken cancellationToken) =>
        throw new IOException("no database");
}
