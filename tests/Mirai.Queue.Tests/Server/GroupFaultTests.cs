using Mirai.Queue.Server;
using Mirai.Queue.Server.Upkeep;
using Mirai.Queue.Store;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>Whatever happens between two steps of an aggregation, every task ends up in exactly one
/// aggregate.</summary>
[NonParallelizable] // it measures time
internal sealed class GroupFaultTests : GroupTest
{
    private const int Count = 520; // two batches

    private static readonly string[] Steps =
    [
        nameof(IGroupStore.FindDueGroupsAsync), nameof(IGroupStore.StageGroupAsync), nameof(
            IGroupStore.ReadSetAsync),
        nameof(IGroupStore.EnqueueAggregateAsync), nameof(IGroupStore.DeleteAggregatedAsync),
    ];

    private static string[] TaskIds { get; } = [.. Enumerable.Range(0, Count).Select(i => $"t{i:0000}")];

    private static IEnumerable<object[]> Calls =>
        from step in Steps
        from call in Enumerable.Range(1, step == nameof(IGroupStore.StageGroupAsync) ? 2 : 1)
        select new object[] { step, call };

    [TestCaseSource(nameof(Calls))]
    public async Task EveryTask_IsAggregatedOnce_WhenTheProcessDiesBeforeAStep(string step, int call)
    {
        await AddDueAsync();
        var (calls, isDead) = (0, false);
        Faults.Plan(name => (isDead |= name == step && ++calls >= call)
            ? FaultyStore.Fault.Refused : FaultyStore.Fault.None);
        await DieAsync(Aggregating());
        Assert.That(calls, Is.EqualTo(call), "the process died there");
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);

        Faults.Plan(_ => FaultyStore.Fault.None);
        await SurviveAsync(Aggregating());

        Assert.That((await DigestsAsync()).SelectMany(ids => ids), Is.EquivalentTo(TaskIds));
        await AssertNothingLeftAsync();
    }

    [TestCaseSource(nameof(Steps))]
    public async Task EveryTask_IsAggregatedOnceAndWithoutDelay_WhenAReplyGetsLost(string step)
    {
        await AddDueAsync();
        Faults.FailFirst(step, 2, FaultyStore.Fault.ReplyLost);
        var parts = Aggregating();
        parts.Aggregator!.Start();

        await PassTimeUntilAsync(async () => await Redis.KeyExistsAsync("asynq:{mail}:pending")
            && !await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"));
        var stopped = parts.Aggregator.StopAsync();
        await PassTimeUntilAsync(() => Task.FromResult(stopped.IsCompleted));

        Assert.That((await DigestsAsync()).SelectMany(ids => ids), Is.EquivalentTo(TaskIds));
        Assert.That(
            Time.GetUtcNow(), Is.LessThan(DateTimeOffset.FromUnixTimeSeconds(Now + 180)), "the deadline of the set");
        Assert.That(Aggregated, Has.Count.EqualTo(1));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task EveryTask_IsAggregatedOnce_WhenRedisIsAwayUntilTheDeadline()
    {
        await AddDueAsync();
        Faults.Plan(name => name == nameof(IGroupStore.EnqueueAggregateAsync)
            ? FaultyStore.Fault.NotSent : FaultyStore.Fault.None);
        var parts = Aggregating();
        var pass = parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        await PassTimeUntilAsync(() => Task.FromResult(pass.IsCompleted));
        Assert.That(Time.GetUtcNow(), Is.GreaterThanOrEqualTo(DateTimeOffset.FromUnixTimeSeconds(Now + 180)));

        Faults.Plan(_ => FaultyStore.Fault.None);
        await SurviveAsync(parts);

        Assert.That((await DigestsAsync()).SelectMany(ids => ids), Is.EquivalentTo(TaskIds));
        await AssertNothingLeftAsync();
    }

    [TestCase(nameof(IGroupStore.ListLeftSetsAsync))]
    [TestCase(nameof(IGroupStore.ReturnSetAsync))]
    public async Task EveryTask_IsAggregatedOnce_WhenTheReclaimerIsInterrupted(string step)
    {
        await AddDueAsync();
        Faults.Plan(name => name is nameof(IGroupStore.ReadSetAsync) or nameof(IGroupStore.ReturnSetAsync)
            ? FaultyStore.Fault.Refused : FaultyStore.Fault.None);
        await DieAsync(Aggregating());
        Time.Advance(GroupAggregation.Patience);
        Faults.FailFirst(step, 1, FaultyStore.Fault.ReplyLost);
        await Assert.ThatAsync(
            () => Aggregating().Reclaimer.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<RedisConnectionException>());
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);

        await SurviveAsync(Aggregating());

        Assert.That((await DigestsAsync()).SelectMany(ids => ids), Is.EquivalentTo(TaskIds));
        await AssertNothingLeftAsync();
    }

    // Measured by Redis itself, from 100 µs on. The machine makes some calls of a script slow; one that grows with the
    // group is slow every time.
    [Test]
    [RequiresRedisServer]
    public async Task Scripts_StayShort_WhenGroupsHaveThousandsOfTasks()
    {
        if (!await HasSlowLogAsync())
        {
            Assert.Ignore("The server under test has no SLOWLOG.");
        }

        var calls = new List<(string Script, long Microseconds)>();
        for (var run = 0; run < 3; run++)
        {
            await EmptyRedisAsync();
            await AddDueAsync(20_000);
            await OnEveryPrimaryAsync("SLOWLOG", "RESET");
            await Aggregating().Aggregator!.RunOnceAsync(CancellationToken.None);
            calls.AddRange(await SlowLogAsync());

            Assert.That((await DigestsAsync()).Single(), Has.Length.EqualTo(20_000));
            await AssertNothingLeftAsync();
        }

        var usual = calls.GroupBy(call => call.Script)
            .Select(script => script.Select(call => call.Microseconds).Order().ElementAt(script.Count() / 4)).ToList();
        Assert.That(usual, Is.Not.Empty);
        Assert.That(usual.Max(), Is.LessThan(10_000), "microseconds");
    }

    private static async Task<IEnumerable<(string Script, long Microseconds)>> SlowLogAsync()
    {
        var logs = await OnEveryPrimaryAsync("SLOWLOG", "GET", "-1");

        return logs.SelectMany(log => (RedisResult[])log!)
            .Select(entry => (Command: (string[])entry[3]!, Microseconds: (long)entry[2]))
            .Where(entry => entry.Command[0].StartsWith("EVAL", StringComparison.OrdinalIgnoreCase))
            .Select(entry => (entry.Command[1], entry.Microseconds));
    }

    // In a cluster, one of them has the queue.
    private static Task<RedisResult[]> OnEveryPrimaryAsync(string command, params object[] arguments) =>
        Task.WhenAll(TestRedis.Primaries.Select(server => server.ExecuteAsync(command, arguments)));

    private static async Task<bool> HasSlowLogAsync()
    {
        try
        {
            await OnEveryPrimaryAsync(
                "CONFIG", "SET", "slowlog-log-slower-than", "100", "slowlog-max-len", "10000");
            await OnEveryPrimaryAsync("SLOWLOG", "RESET");
            return true;
        }
        catch (RedisServerException)
        {
            return false;
        }
    }

    private async Task AddDueAsync(int count = Count)
    {
        foreach (var ids in Enumerable.Range(0, count).Select(i => $"t{i:0000}").Chunk(500))
        {
            await AddToGroupAsync(ids);
        }

        Time.Advance(TimeSpan.FromSeconds(60));
    }

    // A refused call ends what this server does about the group, and nobody cleans up after it.
    private static async Task DieAsync(QueueServerParts parts)
    {
        try
        {
            await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        }
        catch (RedisServerException)
        {
            // Died while looking.
        }
    }

    private async Task SurviveAsync(QueueServerParts parts)
    {
        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Time.Advance(GroupAggregation.Patience);
        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
    }
}
