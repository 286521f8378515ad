using System.Globalization;
using Mirai.Testing;

namespace Mirai.Cache.Tests.Locks;

internal sealed class RedisLocksTests : CacheTest
{
    private static readonly CacheLockOptions Patient = new() { WaitTimeout = TimeSpan.FromSeconds(60) };

    [Test]
    public async Task Acquire_WritesTheContract()
    {
        await using var held = await NewNode().Locks.AcquireAsync("course:42");

        Assert.That(held!.Owner, Does.Match("^[0-9]{19}-[0-9a-f]{8}$"), "Unix nanoseconds, hyphen, 8 hex digits");
        Assert.That((string?)await Redis.StringGetAsync("lock:course:42"), Is.EqualTo(held.Owner));
        Assert.That(await Redis.KeyTimeToLiveAsync("lock:course:42"), Is.InRange(
            TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        Assert.That((held.Key, held.IsHeld), Is.EqualTo(("course:42", true)));
    }

    [Test]
    public async Task Acquire_GivesNothing_WhenGoHoldsTheLock()
    {
        await Redis.ExecuteAsync("SET", "lock:course:42", "1700000000000000000-0a1b2c3d", "NX", "PX", "10000");

        Assert.That(await NewNode().Locks.AcquireAsync("course:42"), Is.Null);
        Assert.That((string?)await Redis.StringGetAsync("lock:course:42"), Is.EqualTo("1700000000000000000-0a1b2c3d"));
    }

    [Test]
    public async Task GoGetsNothing_WhileWeHoldTheLock()
    {
        await using var held = await NewNode().Locks.AcquireAsync("course:42");

        var reply = await Redis.ExecuteAsync(
            "SET", "lock:course:42", "1700000000000000000-0a1b2c3d", "NX", "PX", "10000");

        Assert.That(reply.IsNull, Is.True);
    }

    [Test]
    public async Task Dispose_GivesBack_OnlyWhatIsOurs()
    {
        var locks = NewNode().Locks;
        var ours = await locks.AcquireAsync("a");
        var lost = await locks.AcquireAsync("b");
        await Redis.StringSetAsync("lock:b", "1700000000000000000-0a1b2c3d");

        await ours!.DisposeAsync();
        await lost!.DisposeAsync();

        Assert.That(await Redis.KeyExistsAsync("lock:a"), Is.False);
        Assert.That((string?)await Redis.StringGetAsync("lock:b"), Is.EqualTo("1700000000000000000-0a1b2c3d"));
    }

    [Test]
    public async Task Wait_EndsAtOnce_WhenTheHolderReleases()
    {
        // The clock stands still: only the message about the release can end the wait.
        Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (first, second) = (NewNode(), NewNode());
        var held = await first.Locks.AcquireAsync("a");
        var waiting = second.Locks.AcquireAsync("a", Patient).AsTask();
        await UntilWaitedForAsync("a");

        await held!.DisposeAsync();
        await using var taken = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(taken!.IsHeld, Is.True);
        Assert.That(taken.FencingToken, Is.GreaterThan(held.FencingToken));
    }

    [Test]
    public async Task Wait_Ends_WhenGoReleasesWithoutAMessage()
    {
        await Redis.StringSetAsync("lock:a", "1700000000000000000-0a1b2c3d", TimeSpan.FromMinutes(10));
        var waiting = NewNode().Locks.AcquireAsync("a", Patient).AsTask();
        await UntilWaitedForAsync("a");

        await Redis.KeyDeleteAsync("lock:a");

        await using var taken = await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(taken, Is.Not.Null);
    }

    [Test]
    public async Task Wait_GivesUp_AfterItsTime()
    {
        var clock = Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await Redis.StringSetAsync("lock:a", "1700000000000000000-0a1b2c3d");
        var node = NewNode();
        var waiting =
            node.Locks.AcquireAsync("a", new CacheLockOptions { WaitTimeout = TimeSpan.FromSeconds(5) }).AsTask();
        await UntilWaitedForAsync("a");

        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.That(await waiting.WaitAsync(TimeSpan.FromSeconds(30)), Is.Null);
        Assert.That(
            node.Metrics.Count("mirai.cache.lock.wait.duration", "mirai.cache.outcome=refused"), Is.EqualTo(1));
    }

    [Test]
    public async Task Wait_Throws_WhenCancelled()
    {
        await Redis.StringSetAsync("lock:a", "1700000000000000000-0a1b2c3d");
        using var cancellation = new CancellationTokenSource();
        var waiting = NewNode().Locks.AcquireAsync("a", Patient, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task FencingToken_Rises_WhateverBecameOfTheLastHolder()
    {
        var locks = NewNode().Locks;
        var tokens = new List<long>();
        for (var i = 0; i < 50; i++)
        {
            var held = await locks.AcquireAsync("a");
            tokens.Add(held!.FencingToken);
            await Redis.KeyDeleteAsync(i % 3 == 0 ? ["lock:a", "mirai:fence:{lock:a}"] : ["lock:a"]);
        }

        Assert.That(tokens, Is.Ordered.Ascending);
        Assert.That(tokens, Is.Unique);
    }

    [Test]
    public async Task FencingToken_Rises_WhenTheClockOfRedisWasAhead()
    {
        await Redis.StringSetAsync("mirai:fence:{lock:a}", 4_000_000_000_000_000);

        await using var held = await NewNode().Locks.AcquireAsync("a");

        Assert.That(held!.FencingToken, Is.EqualTo(4_000_000_000_000_001));
        Assert.That(
            (string?)await Redis.StringGetAsync("mirai:fence:{lock:a}"),
            Is.EqualTo(held.FencingToken.ToString(CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task Key_IsChecked() => await Assert.ThatAsync(
        async () => await NewNode().Locks.AcquireAsync("a*"), Throws.ArgumentException);

    [Test]
    public async Task NothingStaysBehind_ButTheLastToken()
    {
        await using (await NewNode().Locks.AcquireAsync("a"))
        {
            // Held, and released.
        }

        Assert.That(await RedisDump.KeysAsync(Redis), Is.EqualTo(new[] { "mirai:fence:{lock:a}" }));
        Assert.That(await Redis.KeyTimeToLiveAsync("mirai:fence:{lock:a}"), Is.GreaterThan(TimeSpan.FromHours(23)));
    }
}
