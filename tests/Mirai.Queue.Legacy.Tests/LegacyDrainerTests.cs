using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Mirai.Queue.Looping;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

/// <summary>The bridge: what old producers enqueue becomes tasks of the current layout.</summary>
internal sealed class LegacyDrainerTests : LegacyTest
{
    [Test]
    public async Task RunOnce_MovesWhatWaits_OldestFirst_EachOnce()
    {
        for (var i = 0; i < 250; i++)
        {
            await PushAsync(i);
        }

        await AddAsync("asynq:scheduled", Message(300), Now + 60);
        await AddAsync("asynq:retry", Message(301), Now + 61);

        await Task.WhenAll(DrainAsync(), DrainAsync());

        var pending = (await Redis.ListRangeAsync("asynq:{mail}:pending")).Select(id => id.ToString()).ToList();
        Assert.That(pending, Has.Count.EqualTo(250).And.Unique);
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{mail}:scheduled", Id(300)), Is.EqualTo(Now + 60));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{mail}:retry", Id(301)), Is.EqualTo(Now + 61));
        Assert.That(await Redis.KeyExistsAsync("asynq:queues:mail"), Is.False);
    }

    [Test]
    public async Task RunOnce_KeepsTheOrder()
    {
        for (var i = 0; i < 250; i++)
        {
            await PushAsync(i);
        }

        await DrainAsync();

        Assert.That(
            (await Redis.ListRangeAsync("asynq:{mail}:pending")).Reverse().Select(id => id.ToString()),
            Is.EqualTo(Enumerable.Range(0, 250).Select(Id)));
        var first = TaskMessage.Parser.ParseFrom(
            (byte[])(await Redis.HashGetAsync($"asynq:{{mail}}:t:{Id(0)}", "msg"))!);
        Assert.That(
            (first.Type, first.Payload.ToStringUtf8(), first.Queue, first.Retried),
            Is.EqualTo(("mail:send", "{\"n\":0}", "mail", 2)));
    }

    [Test]
    public async Task RunOnce_LeavesPausedQueues_AndWhatRuns_AndWhatIsDead()
    {
        await PushAsync(1);
        await Redis.SetAddAsync("asynq:paused", "asynq:queues:mail");
        await AddAsync("asynq:dead", Message(2), Now - 5);
        await Redis.ListLeftPushAsync("asynq:in_progress", Message(3));
        var before = await RedisDump.AllAsync(Redis);

        await DrainAsync();

        Assert.That(await RedisDump.AllAsync(Redis), Is.EqualTo(before));
    }

    [Test]
    public async Task Worker_RunsWhatOldProducersEnqueue_OnceEach()
    {
        var handled = new ConcurrentQueue<string>();
        await PushAsync(0, "default", "t");
        await using var host = await LegacyHost.StartAsync(
            $"REDIS_URL={RedisUrl} Queue:DrainLegacy=true",
            (context, _) =>
            {
                handled.Enqueue(Encoding.UTF8.GetString(context.Payload.Span));
                return Task.CompletedTask;
            });

        await PushAsync(1, "default", "t");
        await RedisWait.UntilAsync(() => Task.FromResult(handled.Count == 2), TimeSpan.FromSeconds(30), "both ran");
        await RedisWait.UntilAsync(
            async () => await Redis.StringGetAsync("asynq:{default}:processed") == 2, TimeSpan.FromSeconds(30),
            "both are counted");

        Assert.That(handled, Is.EquivalentTo(new[] { "{\"n\":0}", "{\"n\":1}" }));
    }

    [Test]
    public async Task Service_Drains_OnlyBesideAWorker([Values] bool hasWorker)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var queue = builder.Services.AddMiraiQueue(options => options.RedisUrl = RedisUrl)
            .AddLegacyLayout(options => options.DrainLegacy = true);
        _ = hasWorker ? queue.AddServer() : queue;
        using var host = builder.Build();
        await host.StartAsync();

        var service = host.Services.GetServices<IHostedService>().OfType<LegacyDrainService>().Single();
        var isDraining = service.IsDraining;
        await host.StopAsync();

        Assert.That(isDraining, Is.EqualTo(hasWorker));
    }

    private async Task DrainAsync()
    {
        var health = new RedisHealth(Time, NullLogger<RedisHealth>.Instance);
        var drainer = new LegacyDrainer(
            Connection(), Mover(), health, Time, NullLogger<LegacyDrainer>.Instance);
        await drainer.RunOnceAsync(CancellationToken.None);
    }

    // As an old producer does it.
    private static async Task PushAsync(int number, string queue = "mail", string type = "mail:send")
    {
        await Redis.ListLeftPushAsync($"asynq:queues:{queue}", Message(number, queue, type));
        await Redis.SetAddAsync("asynq:queues", $"asynq:queues:{queue}");
    }
}
