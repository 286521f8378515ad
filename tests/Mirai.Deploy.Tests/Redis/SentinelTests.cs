using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>The overlay <c>sentinel</c> when its primary is lost.</summary>
[RequiresRedisServer]
internal sealed class SentinelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private SentinelNodes nodes = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => nodes = await SentinelNodes.StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => nodes.DisposeAsync().AsTask();

    [Test]
    public async Task Tasks_GoOn_WhenThePrimaryIsLost_AndItComesBackAsAReplica()
    {
        await using var producer = await QueueApp.StartProducerAsync(nodes.Url("mirai-api"));
        await EnqueueAsync(producer, "before");
        await WaitUntilCopiedAsync();

        await nodes.KillNodeAsync(0);
        await RedisWait.UntilAsync(() => EnqueueAsync(producer, "after"), Patience, "another node has taken over");
        nodes.StartNode(0);
        await RedisWait.UntilAsync(IsReplicaAsync, Patience, "the first node is a replica");

        Assert.That(await WorkAsync(), Is.EquivalentTo(new[] { "before", "after" }));
        Assert.That(await RefusedAsync(), Is.Empty);
    }

    private static async Task<bool> EnqueueAsync(QueueApp producer, string id)
    {
        try
        {
            await producer.Client.EnqueueAsync(new QueueTask("t", options: new EnqueueOptions { TaskId = id }));
            return true;
        }
        catch (TaskIdConflictException)
        {
            return true; // Redis stored the first try, and its reply was lost
        }
        catch (RedisException)
        {
            return false;
        }
    }

    private async Task WaitUntilCopiedAsync()
    {
        await using var admin = await nodes.ConnectAsync(0);
        await RedisWait.UntilAsync(
            async () => (long)await admin.GetDatabase()
                .ExecuteAsync("WAIT", 2, 1_000) == 2, Patience, "both replicas have it");
    }

    private async Task<bool> IsReplicaAsync()
    {
        try
        {
            return await nodes.RoleAsync(0) == "slave";
        }
        catch (RedisException)
        {
            return false;
        }
    }

    private async Task<IEnumerable<string>> WorkAsync()
    {
        var done = new List<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await QueueApp.StartAsync(nodes.Url("mirai-worker"), queue => queue
            .AddServer(server => server.Concurrency = 1)
            .AddHandler("t", (context, _) =>
            {
                done.Add(context.TaskId);
                if (done.Count == 2)
                {
                    all.SetResult();
                }

                return Task.CompletedTask;
            }));
        await all.Task.WaitAsync(Patience);

        return done;
    }

    private async Task<IEnumerable<string>> RefusedAsync()
    {
        var refused = new List<string>();
        for (var node = 0; node < 3; node++)
        {
            await using var admin = await nodes.ConnectAsync(node);
            var entries = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "LOG"))!;
            refused.AddRange(entries.Select(entry => string.Join(' ', (string[])entry!)));
        }

        return refused;
    }
}
