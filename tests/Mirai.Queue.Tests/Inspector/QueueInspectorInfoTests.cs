using Mirai.Local.Redis;
using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorInfoTests : InspectorTest
{
    [Test]
    public async Task ListHistory_TellsDaysOfUtc_TheNewestFirst()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");
        await Redis.StringSetAsync("asynq:{mail}:processed:2096-10-02", 5);
        await Redis.StringSetAsync("asynq:{mail}:failed:2096-10-02", 2);
        await Redis.StringSetAsync("asynq:{mail}:processed:2096-09-30", 7);

        Assert.That(await Inspector.ListHistoryAsync("mail", days: 3), Is.EqualTo(new[]
        {
            new QueueDay(new DateOnly(2096, 10, 2), 5, 2), new QueueDay(new DateOnly(2096, 10, 1), 0, 0),
            new QueueDay(new DateOnly(2096, 9, 30), 7, 0),
        }).UsingPropertiesComparer());
        Assert.That(await Inspector.ListHistoryAsync("mail"), Has.Count.EqualTo(7));
    }

    [Test]
    public async Task ListHistory_RefusesWhatCannotBeMeant()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        await Assert.ThatAsync(
            () => Inspector.ListHistoryAsync("mail", 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        await Assert.ThatAsync(
            () => Inspector.ListHistoryAsync("mail", 91), Throws.InstanceOf<ArgumentOutOfRangeException>());
        await Assert.ThatAsync(() => Inspector.ListHistoryAsync("nowhere"), Throws.TypeOf<QueueNotFoundException>());
    }

    [Test]
    public async Task PauseQueue_WritesWhen_AndTellsWhetherItWasPausedBefore()
    {
        Assert.That(await Inspector.PauseQueueAsync("mail"), Is.True);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await Inspector.PauseQueueAsync("mail"), Is.False);
        Assert.That((string?)await Redis.StringGetAsync("asynq:{mail}:paused"), Is.EqualTo($"{Now}"));
        Assert.That(await Redis.KeyTimeToLiveAsync("asynq:{mail}:paused"), Is.Null);

        Assert.That(await Inspector.ResumeQueueAsync("mail"), Is.True);
        Assert.That(await Inspector.ResumeQueueAsync("mail"), Is.False);
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task FindQueue_EstimatesMemory_ByWhatSomeTasksUse()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 300).Select(i => NewTask($"p{i:D3}", payload: new string('x', 1_000)))]);
        var small = (await Inspector.FindQueueAsync("mail"))!.MemoryUsage;
        await EnqueueGroupAsync("one", "g1", "g2");
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");

        Assert.That(small, Is.InRange(300 * 1_000, 300 * 2_000));
        Assert.That((await Inspector.FindQueueAsync("mail"))!.MemoryUsage, Is.GreaterThan(small));
    }

    [Test]
    public async Task FindQueue_EstimatesNothing_WhenQueueIsEmpty()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");
        await Redis.SetAddAsync("asynq:{mail}:groups", "empty");

        Assert.That((await Inspector.FindQueueAsync("mail"))!.MemoryUsage, Is.Zero);
    }

    [Test]
    public async Task FindQueue_PassesGhostsOver()
    {
        SkipsInvariants = true;
        await EnqueueAsync(NewTask("a"), NewTask("b"));
        await Redis.KeyDeleteAsync("asynq:{mail}:t:a");

        var info = await Inspector.FindQueueAsync("mail");

        Assert.That((info!.Pending, info.Latency), Is.EqualTo((2, TimeSpan.Zero)));
        Assert.That(info.MemoryUsage, Is.GreaterThan(0));
    }

    [Test]
    public async Task FindQueue_EstimatesTasksInGroups_WhenThereAreThousands()
    {
        SkipsInvariants = true; // many groups
        foreach (var chunk in Enumerable.Range(0, 5_000).Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i}", new EnqueueOptions { Group = $"g{i / 2}" }))]);
        }

        var info = await Inspector.FindQueueAsync("mail");

        Assert.That((info!.Groups, info.Aggregating), Is.EqualTo((2_500, 5_000)), "each has two");
    }

    [Test]
    [RequiresRedisServer]
    public async Task FindQueue_EstimatesMemory_WhenRedisDoesNotTellIt()
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
        await admin.GetDatabase()
            .ExecuteAsync("ACL", "SETUSER", "limited", "on", ">secret", "~*", "&*", "+@all", "-memory");
        await using var limited = await ConnectionMultiplexer.ConnectAsync(
            $"{server.Url},user=limited,password=secret");
        var connection = new RedisConnection(() => Task.FromResult<IConnectionMultiplexer>(limited), isOwned: false);
        var store = new RedisStore(connection, Time);
        NewTask[] tasks = [.. Enumerable.Range(0, 300).Select(i => NewTask($"p{i:D3}", payload: new string('x', 1_000)))];
        await store.EnqueueAsync(tasks[0].Route, tasks);
        await Assert.ThatAsync(
            () => limited.GetDatabase()
                .ExecuteAsync("MEMORY", "USAGE", "asynq:queues"), Throws.InstanceOf<RedisServerException>());

        var info = await new QueueInspector(connection, store, Time).FindQueueAsync("mail");

        Assert.That(info!.MemoryUsage, Is.InRange(300 * 1_000, 300 * 2_000));
    }

    [TestCase("default", 5718)]
    [TestCase("critical", 8090)]
    [TestCase("low", 15214)]
    public void GetClusterKeySlot_IsThatOfRedis(string queue, int slot) =>
        Assert.That(Inspector.GetClusterKeySlot(queue), Is.EqualTo(slot));

    [Test]
    public async Task ListClusterNodes_TellsWhoHasTheQueue_ButNotOfASingleServer()
    {
        var isCluster = TestRedis.Primaries.Any(server => server.ServerType == ServerType.Cluster);

        var nodes = await Inspector.ListClusterNodesAsync("mail");

        var owner = (await Redis.IdentifyEndpointAsync("asynq:{mail}:pending"))!.ToString();
        Assert.That(nodes.Select(node => node.Address), Is.EqualTo(isCluster ? new[] { owner } : []));
    }

    [Test]
    [RequiresRedisServer]
    public async Task ListClusterNodes_TellsAddress_OfANodeThatDoesNotKnowItsOwn()
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--cluster-enabled", "yes");
        await using (var setUp = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true"))
        {
            await setUp.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
        }

        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
        var connection = new RedisConnection(
            () => Task.FromResult<IConnectionMultiplexer>(multiplexer), isOwned: false);
        var id = (string)(await multiplexer.GetServers()[0].ExecuteAsync("CLUSTER", "MYID"))!;

        var nodes = await new QueueInspector(connection, Store, Time).ListClusterNodesAsync("mail");

        Assert.That(nodes, Is.EqualTo(new[] { new ClusterNodeInfo(id, server.Url) }).UsingPropertiesComparer());
    }
}
