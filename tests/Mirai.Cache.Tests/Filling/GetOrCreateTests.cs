using Mirai.Testing;

namespace Mirai.Cache.Tests.Filling;

internal sealed class GetOrCreateTests : CacheTest
{
    private static readonly CacheKey<string> Key = CacheKey.Of<string>("page:1");

    private TaskCompletionSource<string> made = null!;
    private TaskCompletionSource called = null!;
    private int calls;

    [SetUp]
    public void Reset()
    {
        calls = 0;
        called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        made = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [Test]
    public async Task GetOrCreate_StoresWhatTheFactoryMakes()
    {
        var node = NewNode();

        var first = await node.Cache.GetOrCreateEntryAsync(Key, Make("a"));
        var second = await node.Cache.GetOrCreateEntryAsync(Key, Make("b"));

        Assert.That((first.Value, second.Value, second.ETag), Is.EqualTo(("a", "a", first.ETag)));
        Assert.That((string?)await Redis.StringGetAsync("page:1"), Does.StartWith("""{"data":"a","etag":"W/\"""));
        Assert.That(
            await RedisDump.KeysAsync(Redis), Is.EqualTo(new[] { "page:1" }), "neither a lock nor a mark stays behind");
        Assert.That(node.Metrics.Count("mirai.cache.factory.duration", "mirai.cache.outcome=done"), Is.EqualTo(1));
    }

    [Test]
    public async Task GetOrCreate_CallsOneFactory_WhenAThousandCallersAskFourProcesses()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => NewNode()).ToList();
        await Task.WhenAll(nodes.Select(node => node.Cache.GetAsync(Key).AsTask()));
        var asked = 0;
        async Task<string> AskAsync(int caller)
        {
            var answer = nodes[caller % 4].Cache.GetOrCreateAsync(Key, MakeLater).AsTask();
            if (Interlocked.Increment(ref asked) == 1_000)
            {
                // The factory runs until every caller has asked.
                made.SetResult("made once");
            }

            return await answer;
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => AskAsync(i))));

        Assert.That(calls, Is.EqualTo(1));
        Assert.That(answers, Is.All.EqualTo("made once"));
    }

    [Test]
    public async Task GetOrCreate_WaitsForTheLock_WhenGoHoldsIt()
    {
        await Redis.ExecuteAsync("SET", "lock:page:1", "1700000000000000000-0a1b2c3d", "NX", "PX", "10000");

        var asked = NewNode().Cache.GetOrCreateAsync(Key, Make("ours")).AsTask();
        await UntilWaitedForAsync("page:1");
        await Redis.StringSetAsync(
            "page:1", $$"""{"data":"theirs","etag":"W/\"a-1\"","timestamp":{{UnixMilliseconds()}},"version":1}""");
        await Redis.KeyDeleteAsync("lock:page:1");

        Assert.That(await asked, Is.EqualTo("theirs"));
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public async Task GetOrCreate_JittersLifetimes()
    {
        var cache = NewNode().Cache;
        for (var i = 0; i < 40; i++)
        {
            await cache.GetOrCreateAsync(
                CacheKey.Of<string>($"page:{i}"), Make("x"),
                new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(1000), Jitter = 0.5 });
        }

        var lifetimes = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            lifetimes.Add((await Redis.KeyTimeToLiveAsync($"page:{i}"))!.Value.TotalSeconds);
        }

        Assert.That(lifetimes, Is.All.InRange(450, 1000));
        Assert.That(lifetimes.Max() - lifetimes.Min(), Is.GreaterThan(100));
    }

    [Test]
    public async Task Factory_GoesOn_WhenOneOfTwoCallersGivesUp()
    {
        var cache = NewNode().Cache;
        using var impatient = new CancellationTokenSource();
        var first = cache.GetOrCreateAsync(Key, MakeLater, cancellationToken: impatient.Token).AsTask();
        var second = cache.GetOrCreateAsync(Key, MakeLater).AsTask();
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await impatient.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
        made.SetResult("made");

        Assert.That(await second, Is.EqualTo("made"));
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Factory_IsCancelled_WhenNobodyWaitsAnyMore()
    {
        var node = NewNode();
        var cancelled = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var asked = node.Cache.GetOrCreateAsync(
            Key,
            async token =>
            {
                token.Register(cancelled.SetResult);
                await impatient.CancelAsync();
                return await made.Task;
            },
            cancellationToken: impatient.Token).AsTask();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await Assert.ThatAsync(() => asked, Throws.InstanceOf<OperationCanceledException>());
        await UntilAsync(async () => !await Redis.KeyExistsAsync("lock:page:1"));
        Assert.That(await node.Cache.GetOrCreateAsync(Key, Make("next")), Is.EqualTo("next"));
    }

    [Test]
    public async Task Failure_ReachesEveryCaller_AndIsNotStored()
    {
        var cache = NewNode().Cache;

        var callers = Enumerable.Range(0, 5).Select(_ => cache.GetOrCreateAsync(Key, MakeLater).AsTask()).ToList();
        made.SetException(new IOException("no database"));

        foreach (var caller in callers)
        {
            await Assert.ThatAsync(() => caller, Throws.InstanceOf<IOException>());
        }

        Assert.That(calls, Is.EqualTo(1));
        Assert.That(await cache.GetOrCreateAsync(Key, Make("next")), Is.EqualTo("next"));
    }

    [Test]
    public async Task WhatIsMadeOfOldData_IsNotStored_WhenTheKeyIsInvalidatedMeanwhile(
        [Values("delete", "pattern", "tag", "set", "go")] string how)
    {
        var (filler, other) = (NewNode(), NewNode());
        var asked = filler.Cache.GetOrCreateAsync(Key, MakeLater, new CacheEntryOptions { Tags = ["news"] }).AsTask();
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await (how switch
        {
            "delete" => other.Cache.DeleteAsync(Key).AsTask(),
            "pattern" => other.Cache.InvalidateAsync(CachePattern.Of("page:*")).AsTask(),
            "tag" => other.Cache.InvalidateTagAsync("news").AsTask(),
            "set" => other.Cache.SetAsync(Key, "new").AsTask(),
            _ => (Task)Redis.StringSetAsync(
                "page:1", $$"""{"data":"new","etag":"W/\"a-1\"","timestamp":{{UnixMilliseconds()}},"version":1}"""),
        });
        if (how == "pattern")
        {
            // The message takes a moment to arrive; the test is about fills that end after it.
            await UntilAsync(() => Task.FromResult(filler.Parts.Flights.IsEmpty));
        }

        made.SetResult("old");

        Assert.That(await asked, Is.EqualTo("old"), "a caller that asked before gets the data from before");
        var expected = how is "set" or "go" ? "new" : null;
        Assert.That((await other.Cache.GetAsync(Key))?.Value, Is.EqualTo(expected));
        Assert.That((await filler.Cache.GetAsync(Key))?.Value, Is.EqualTo(expected));
    }

    [Test]
    public async Task GetOrCreate_ReplacesEntry_WhenItIsDamaged(
        [Values("no json", """{"data":tru,"etag":"W/\"a-1\"","timestamp":NOW,"version":1}""", """{"data":1,"etag":"W/\"a-1\"","timestamp":NOW,"version":1}""")]
        string entry)
    {
        await Redis.StringSetAsync("page:1", entry.Replace("NOW", $"{UnixMilliseconds()}", StringComparison.Ordinal));

        await NewNode().Cache.GetOrCreateAsync(Key, Make("sound"));

        Assert.That((string?)await Redis.StringGetAsync("page:1"), Does.StartWith("""{"data":"sound",""" ));
    }

    [Test]
    public async Task GetOrCreate_ReplacesWhatIsNoString()
    {
        await Redis.ListRightPushAsync("page:1", "x");

        await NewNode().Cache.GetOrCreateAsync(Key, Make("sound"));

        Assert.That((string?)await Redis.StringGetAsync("page:1"), Does.StartWith("""{"data":"sound",""" ));
    }

    private Func<CancellationToken, ValueTask<string>> Make(string value) => _ =>
    {
        Interlocked.Increment(ref calls);
        return ValueTask.FromResult(value);
    };

    private async ValueTask<string> MakeLater(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        called.TrySetResult();
        return await made.Task.WaitAsync(cancellationToken);
    }
}
