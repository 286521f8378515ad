using Mirai.Queue.Server;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server.Taking;

/// <summary>Queues and limits that change while the worker runs.</summary>
internal sealed class ServedQueuesTests : LimitTest
{
    [Test]
    public async Task Apply_ServesANewQueue_AndShowsIt()
    {
        var parts = HoldingParts(_ => { });
        await EnqueueAsync(Tasks("a", 1, "sms"));

        parts.Queues.Apply(Settings(options => (options.Queues["mail"], options.Queues["sms"]) = (1, 3)));
        await FillAsync(parts);
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        Assert.That(Running, Is.EqualTo(new[] { "sms-a000" }));
        Assert.That(
            await ShownQueuesAsync(parts), Is.EquivalentTo(new Dictionary<string, int> { ["mail"] = 1, ["sms"] = 3 }));
    }

    [Test]
    public void Apply_ShowsTheNewQueues_AtEveryMomentAfterTheChange()
    {
        var shown = new List<string>();
        var parts = HoldingParts(_ => { });
        parts.Queues.EntriesChanged += () => shown.AddRange(parts.Identity.ToInfo(0).Queues.Keys);

        parts.Queues.Apply(Settings(options => options.Queues["sms"] = 1));

        Assert.That(shown, Is.EqualTo(new[] { "sms" }));
    }

    [Test]
    public async Task Apply_TakesNothingMoreFromARemovedQueue_AndLetsItsTasksFinish()
    {
        var parts = HoldingParts(options => (options.Concurrency, options.Queues["sms"]) = (1, 1));
        await EnqueueAsync(Tasks("a", 2));
        await FillAsync(parts);

        parts.Queues.Apply(Settings(options => options.Queues["sms"] = 1));
        Time.Advance(TimeSpan.FromSeconds(20));
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        Assert.That(
            await LeasesAsync(), Is.EqualTo(new[] { ("mail-a000", Now + 50d) }),
            "its lease is kept");

        await EndAsync(parts, "mail-a000");
        await FillAsync(parts);

        Assert.That(Running, Is.Empty);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "mail-a001" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(1));
        Assert.That(await ShownQueuesAsync(parts), Is.EquivalentTo(new Dictionary<string, int> { ["sms"] = 1 }));
    }

    [Test]
    public async Task Apply_WeighsQueuesAnew()
    {
        var parts = HoldingParts(options => (options.Queues["mail"], options.Queues["low"]) = (9, 1));
        await EnqueueAsync(Tasks("a", 20));
        await EnqueueAsync(Tasks("a", 20, "low"));

        parts.Queues.Apply(Settings(options => (options.Queues["mail"], options.Queues["low"]) = (1, 4)));
        await FillAsync(parts);

        Assert.That(Running.Count(id => id.StartsWith("low", StringComparison.Ordinal)), Is.EqualTo(8).Within(1));
    }

    [Test]
    public async Task Apply_MakesTheOrderStrict()
    {
        var parts = HoldingParts(options => (options.Queues["mail"], options.Queues["low"]) = (2, 1));
        await EnqueueAsync(Tasks("a", 20));
        await EnqueueAsync(Tasks("a", 20, "low"));

        parts.Queues.Apply(Settings(options =>
            (options.Queues["mail"], options.Queues["low"], options.StrictPriority) = (2, 1, true)));
        await FillAsync(parts);
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        Assert.That(Running, Has.All.StartsWith("mail"));
        Assert.That((await ShownAsync(parts)).StrictPriority, Is.True);
    }

    [Test]
    public async Task Limit_CountsWhatRuns_WhenAQueueIsRemovedAndComesBack()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 2);
        await EnqueueAsync(Tasks("a", 5));
        await FillAsync(parts);
        parts.Queues.Apply(Settings(options => options.Queues["sms"] = 1));
        await FillAsync(parts);

        parts.Queues.Apply(Settings(options => (options.Queues["mail"], options.QueueLimits["mail"]) = (1, 3)));
        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-a000", "mail-a001", "mail-a002" }));
    }

    [Test]
    public async Task Limits_CountWhatRanBeforeTheyWereSet()
    {
        var parts = HoldingParts(options => options.Concurrency = 4);
        await EnqueueAsync(Tasks("a", 3));
        await FillAsync(parts);
        await EnqueueAsync(Tasks("ab", 2));

        parts.Queues.Apply(Settings(options => (options.Queues["mail"], options.TypeLimits["mail:a"]) = (1, 3)));
        await FillAsync(parts);
        Assert.That(Running.Count(), Is.EqualTo(3));

        await EndAsync(parts, "mail-a000", "mail-a001");
        parts.Queues.Apply(Settings(options =>
            (options.Queues["mail"], options.TypeLimits["mail:a"], options.QueueLimits["mail"]) = (1, 3, 2)));
        await FillAsync(parts);
        Assert.That(Running, Is.EqualTo(new[] { "mail-a002", "mail-ab000" }));
    }

    [Test]
    public async Task Limits_InterruptNothing_WhenTheyAreLowered()
    {
        var parts = HoldingParts(options => (options.QueueLimits["mail"], options.TypeLimits["mail:a"]) = (4, 4));
        await EnqueueAsync(Tasks("a", 6));
        await FillAsync(parts);

        parts.Queues.Apply(Settings(options =>
            (options.Queues["mail"], options.QueueLimits["mail"], options.TypeLimits["mail:a"]) = (1, 2, 2)));
        await FillAsync(parts);
        Assert.That(Running.Count(), Is.EqualTo(4));

        await EndAsync(parts, "mail-a000", "mail-a001");
        await FillAsync(parts);
        Assert.That(Running, Is.EqualTo(new[] { "mail-a002", "mail-a003" }));
    }

    [Test]
    public async Task Limits_AreGone_WhenTheSettingsHaveThemNoMore()
    {
        var parts = HoldingParts(options => (options.QueueLimits["mail"], options.TypeLimits["mail:a"]) = (3, 1));
        await EnqueueAsync(Tasks("a", 2));
        await EnqueueAsync(Tasks("b", 4));
        await FillAsync(parts);
        Assert.That(Running.Count(), Is.EqualTo(3));

        parts.Queues.Apply(Settings(options => options.Queues["mail"] = 1));
        await FillAsync(parts);
        Time.Advance(TimeSpan.FromSeconds(2));
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await FillAsync(parts);

        Assert.That(Running.Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task SetExisting_ServesEveryQueueOfAPattern_FromWhenItAppears()
    {
        var parts = HoldingParts(options => options.Queues["tenant:*"] = 2);
        await parts.Watcher.RunOnceAsync(CancellationToken.None);
        await EnqueueAsync(Tasks("a", 1, "tenant:1"));
        await EnqueueAsync(Tasks("a", 1, "other"));

        await parts.Watcher.RunOnceAsync(CancellationToken.None);
        await FillAsync(parts);
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        Assert.That(Running, Is.EqualTo(new[] { "tenant:1-a000" }));
        Assert.That(
            await ShownQueuesAsync(parts),
            Is.EquivalentTo(new Dictionary<string, int> { ["mail"] = 1, ["tenant:1"] = 2 }));
    }

    [Test]
    public async Task SetExisting_ServesAQueueNoLonger_WhenItWasDeleted()
    {
        var parts = HoldingParts(options => options.Queues["tenant:*"] = 2);
        await Redis.SetAddAsync("asynq:queues", ["tenant:1", "tenant:2"]);
        await parts.Watcher.RunOnceAsync(CancellationToken.None);

        await Redis.SetRemoveAsync("asynq:queues", "tenant:1");
        await parts.Watcher.RunOnceAsync(CancellationToken.None);

        Assert.That(parts.Queues.Names, Is.EqualTo(new[] { "tenant:2", "mail" }));
    }

    [Test]
    public async Task SetExisting_ForwardsAndRecoversForQueuesOfAPattern()
    {
        var parts = HoldingParts(options =>
        {
            options.Queues.Remove("mail");
            options.Queues["tenant:*"] = 2;
        });
        await parts.Forwarder.RunOnceAsync(CancellationToken.None); // there is no queue yet
        await EnqueueAsync(
            NewTask("a", new EnqueueOptions { Queue = "tenant:1", ProcessIn = TimeSpan.FromSeconds(5) }));
        await parts.Watcher.RunOnceAsync(CancellationToken.None);

        Time.Advance(TimeSpan.FromSeconds(5));
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{tenant:1}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Watcher_AsksNothing_WhenThereIsNoPattern()
    {
        var parts = HoldingParts(_ => { });

        await parts.Watcher.RunOnceAsync(CancellationToken.None);

        Assert.That(Faults.Calls, Is.Empty);
        Assert.That(parts.Watcher.HasAskedRedis, Is.False, "the pass does not prove that Redis answers");
    }

    [Test]
    public async Task Subscriber_SaysNothingOfRedis_WhenItIsSubscribedAlready()
    {
        var parts = HoldingParts(_ => { });
        await parts.Subscriber.RunOnceAsync(CancellationToken.None);
        var first = parts.Subscriber.HasAskedRedis;
        await parts.Subscriber.RunOnceAsync(CancellationToken.None);

        Assert.That((first, parts.Subscriber.HasAskedRedis), Is.EqualTo((true, false)));
        await parts.Subscriber.StopAsync();
    }

    [Test]
    public async Task Upkeep_SaysNothingOfRedis_WhileThereIsNoQueueOfThePattern()
    {
        var parts = HoldingParts(options =>
        {
            options.Queues.Remove("mail");
            options.Queues["tenant:*"] = 2;
        });

        await parts.Janitor.RunOnceAsync(CancellationToken.None);
        var before = parts.Janitor.HasAskedRedis;
        parts.Queues.SetExisting(new HashSet<string> { "tenant:1" });
        await parts.Janitor.RunOnceAsync(CancellationToken.None);

        Assert.That((before, parts.Janitor.HasAskedRedis), Is.EqualTo((false, true)));
    }

    [Test]
    public void Changed_IsCalledOnlyWhenSomethingChanged()
    {
        var changes = 0;
        var parts = HoldingParts(options => options.Queues["tenant:*"] = 2);
        parts.Queues.Changed += () => changes++;

        var first = parts.Queues.SetExisting(new HashSet<string> { "tenant:1", "other" });
        var second = parts.Queues.SetExisting(new HashSet<string> { "tenant:1" });
        var third = parts.Queues.Apply(
            Settings(options => (options.Queues["mail"], options.Queues["tenant:*"]) = (1, 2)));
        var fourth = parts.Queues.Apply(
            Settings(options => (options.Queues["mail"], options.Queues["tenant:*"]) = (1, 3)));

        Assert.That((first, second, third, fourth, changes), Is.EqualTo((true, false, false, true, 2)));
    }

    private static QueueServerOptions Settings(Action<QueueServerOptions> configure)
    {
        var options = new QueueServerOptions();
        configure(options);
        return options;
    }

    private static async Task<ServerInfo> ShownAsync(QueueServerParts parts)
    {
        var name = $"{parts.Identity.Host}:{Environment.ProcessId}:{parts.Identity.Id}";
        return ServerInfo.Parser.ParseFrom((byte[])(await Redis.StringGetAsync($"asynq:servers:{{{name}}}"))!);
    }

    private static async Task<IDictionary<string, int>> ShownQueuesAsync(QueueServerParts parts) =>
        (await ShownAsync(parts)).Queues;
}
