namespace Mirai.Cache.Tests.Locks;

/// <summary>A lock while it is held.</summary>
internal sealed class RedisLockTests : CacheTest
{
    private static readonly TimeSpan Third = TimeSpan.FromMilliseconds(3333);

    private TimerCountingClock clock = null!;

    [SetUp]
    public void StartClock() => Time = clock = new TimerCountingClock(TimeProvider.System.GetUtcNow());

    [Test]
    public async Task Lock_IsRenewed_WhileItIsHeld()
    {
        var node = NewNode();
        await using var held = await node.Locks.AcquireAsync("a");
        for (var third = 1; third <= 5; third++)
        {
            await Redis.KeyExpireAsync("lock:a", TimeSpan.FromMinutes(1));
            clock.Advance(TimeSpan.FromSeconds(3.4));

            // The timer of the next third starts after the answer to the renewal.
            await clock.UntilTimersAsync(Third, third + 1);
            Assert.That(await Redis.KeyTimeToLiveAsync("lock:a"), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        }

        Assert.That(held!.Lost.IsCancellationRequested, Is.False);
        Assert.That(held.IsHeld, Is.True);
    }

    [Test]
    public async Task Lost_Fires_BeforeTheLockEnds_WhenItIsNotRenewed()
    {
        var node = NewNode();
        await using var held = await node.Locks.AcquireAsync("a", new CacheLockOptions { IsRenewed = false });

        clock.Advance(TimeSpan.FromSeconds(8.9));
        var before = (held!.Lost.IsCancellationRequested, held.IsHeld);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That(before, Is.EqualTo((false, true)));
        Assert.That(
            (held.Lost.IsCancellationRequested, held.IsHeld), Is.EqualTo((true, false)), "0.9 s before the end");
        Assert.That(await Redis.KeyExistsAsync("lock:a"), Is.True);
        Assert.That(node.Metrics.Sum("mirai.cache.locks.lost"), Is.EqualTo(1));
    }

    [Test]
    public async Task Lost_Fires_WhenSomebodyTookTheLockAway()
    {
        await using var held = await NewNode().Locks.AcquireAsync("a");
        var lost = new TaskCompletionSource();
        held!.Lost.Register(lost.SetResult);

        await Redis.StringSetAsync("lock:a", "1700000000000000000-0a1b2c3d");
        clock.Advance(TimeSpan.FromSeconds(3.4));

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(held.IsHeld, Is.False);
    }

    [Test]
    public async Task Lost_DoesNotFire_AfterTheLockWasGivenBack()
    {
        var node = NewNode();
        var held = await node.Locks.AcquireAsync("a");

        await held!.DisposeAsync();
        await held.DisposeAsync();
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((held.Lost.IsCancellationRequested, held.IsHeld), Is.EqualTo((false, false)));
        Assert.That(node.Metrics.Sum("mirai.cache.locks.lost"), Is.Zero);
    }

    [Test]
    public void Options_AreChecked()
    {
        Assert.That(
            () => new CacheLockOptions { TimeToLive = TimeSpan.FromMilliseconds(99) },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new CacheLockOptions { WaitTimeout = TimeSpan.FromDays(2) },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(new CacheLockOptions().TimeToLive, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }
}
