using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Faults.Tests.Harness;
using Mirai.Queue;

namespace Mirai.Faults.Tests.Outages;

/// <summary>Redis has reached <c>maxmemory</c> and may evict nothing: the worker empties the queue, and an enqueue
/// says what is wrong.</summary>
internal sealed class FullRedisTests : FaultTest
{
    private static readonly string[] Running = [.. Enumerable.Range(0, 5).Select(i => $"running{i}")];
    private static readonly string[] Waiting = [.. Enumerable.Range(0, 200).Select(i => $"waiting{i}")];

    protected override string[] RedisSettings => ["--maxmemory-policy", "noeviction"];

    [Test]
    public async Task Worker_EmptiesTheQueue_WhenRedisIsFull()
    {
        await AddAsync("default", "wait", "", Running);
        var worker = await StartWorkerAsync(Settings() with { Concurrency = Running.Length });
        await worker.WaitForStartAsync(Running);
        await AddAsync("default", "quick", "", Waiting);

        await FillAsync();
        await WaitForHeartbeatsAsync(worker, seconds: 12); // longer than a lease

        Assert.That(worker.Events.Where(one => one.Kind == "end"), Is.Empty, "no handler was cancelled");
        worker.Release("*");
        await WaitForProcessedAsync(Running.Length + Waiting.Length);
        Assert.That(worker.Started, Is.Unique.And.EquivalentTo(Running.Concat(Waiting)));
        Assert.That(await CountersAsync("default"), Is.EqualTo("205 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }

    [Test]
    public async Task Worker_EmptiesTheQueue_WhenItStartsOnAFullRedis()
    {
        await AddAsync("default", "quick", "", Waiting);
        await FillAsync();

        await StartWorkerAsync(Settings());

        await WaitForProcessedAsync(Waiting.Length);
        await AssertNothingIsLeftAsync("default");
    }

    [Test]
    public async Task Enqueue_SaysFull_WhenRedisIsFull()
    {
        await FillAsync();
        var services = new ServiceCollection();
        services.AddMiraiQueue(options => options.RedisUrl = RedisServer.Url);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IQueueClient>();

        Assert.That(
            () => client.EnqueueAsync(new QueueTask("quick", new byte[10_000])),
            Throws.Exception.With.Message.Contains("full").IgnoreCase);
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:pending"), Is.False);
    }

    // Below what Redis itself uses: it is full whatever else is deleted.
    private async Task FillAsync()
    {
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "100kb");
        var error = await Assert.CatchAsync(async () => await Redis.StringSetAsync("more", "x"));
        Assert.That(error!.Message, Does.Contain("OOM"));
    }

    private Task WaitForProcessedAsync(int count) => WaitUntilAsync(
        async () => await Redis.StringGetAsync("asynq:{default}:processed")
            == count.ToString(CultureInfo.InvariantCulture),
        $"{count} tasks are processed");
}
