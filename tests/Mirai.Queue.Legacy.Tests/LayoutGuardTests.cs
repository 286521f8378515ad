using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

/// <summary>A process looks at the database before it starts.</summary>
internal sealed class LayoutGuardTests : RedisTest
{
    private const string Queues = "asynq:queues";

    [TestCase("asynq:in_progress")]
    [TestCase("asynq:dead")]
    public async Task Start_Refuses_WhereTheLegacyLayoutLives(string key)
    {
        await Redis.SetAddAsync(Queues, "asynq:queues:critical");
        await Redis.StringSetAsync(key, "x");

        var thrown = await Assert.ThrowsAsync<LayoutConflictException>(() => StartAsync("current"));

        Assert.That(
            thrown.Message,
            Does.Contain(key).And.Contain("asynq:queues:critical").And.Contain("DrainLegacy")
                .And.Contain("QUEUE_LAYOUT=legacy"));
    }

    [Test]
    public async Task Start_Refuses_WhereTheCurrentLayoutLives()
    {
        LegacyTest.SkipOnCluster();
        await Redis.SetAddAsync(Queues, "critical");

        var thrown = await Assert.ThrowsAsync<LayoutConflictException>(() => StartAsync("legacy"));

        Assert.That(
            thrown.Message,
            Does.Contain("asynq:{critical}:").And.Contain("QUEUE_LAYOUT=current").And.Contain("AllowMixedLayouts"));
    }

    [Test]
    public async Task Start_Refuses_BeforeAWorkerThatWasAddedEarlierStarts()
    {
        await Redis.SetAddAsync(Queues, "asynq:queues:critical");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var first = new StartRecorder();
        builder.Services.AddSingleton<IHostedService>(first);
        builder.Services.AddMiraiQueue(options => options.RedisUrl = RedisUrl).AddServer().AddLegacyLayout(_ => { });
        using var host = builder.Build();

        await Assert.ThrowsAsync<LayoutConflictException>(() => host.StartAsync());

        Assert.That(first.HasStarted, Is.False);
    }

    [TestCase("current", "asynq:queues:critical", "Queue:AllowMixedLayouts=true")]
    [TestCase("current", "asynq:queues:critical", "Queue:DrainLegacy=true")]
    [TestCase("legacy", "critical", "Queue:AllowMixedLayouts=true")]
    [TestCase("legacy", "asynq:queues:critical", "Queue:AllowMixedLayouts=false")]
    [TestCase("current", "critical", "Queue:AllowMixedLayouts=false")]
    public async Task Start_GoesOn_WhenThatIsWanted_OrTheLayoutIsItsOwn(
        string layout, string registered, string setting)
    {
        if (layout == "legacy")
        {
            LegacyTest.SkipOnCluster();
        }

        await Redis.SetAddAsync(Queues, registered);

        await using var host = await StartAsync(layout, setting);

        Assert.That(await host.Inspector.ListQueuesAsync(), Is.Not.Null);
    }

    [Test]
    public async Task Start_RefusesAClusterForTheLegacyLayout()
    {
        if (!TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("The Redis under test is no cluster.");
        }

        var thrown = await Assert.ThrowsAsync<LayoutNotSupportedException>(() => StartAsync("legacy"));

        Assert.That(thrown.Message, Does.Contain("Cluster").And.Contain("RedisLayout.Legacy").And.Contain("RedisUrl"));
    }

    private static Task<LegacyHost> StartAsync(string layout, string setting = "Queue:AllowMixedLayouts=false") =>
        LegacyHost.StartAsync(
            $"REDIS_URL={RedisUrl} QUEUE_LAYOUT={layout} {setting}", (_, _) => Task.CompletedTask);

    private sealed class StartRecorder : IHostedService
    {
        public bool HasStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
