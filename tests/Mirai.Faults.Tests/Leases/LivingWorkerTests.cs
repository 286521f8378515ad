using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;

namespace Mirai.Faults.Tests.Leases;

/// <summary>The tasks of a worker that lives stay with it, however slow Redis is and whatever its neighbour saw. With
/// the times of production.</summary>
internal sealed class LivingWorkerTests : FaultTest
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly string[] Tasks = [.. Enumerable.Range(0, 8).Select(i => $"t{i}")];

    // A restart loses nothing that Redis has confirmed.
    protected override string[] RedisSettings => ["--appendonly", "yes", "--appendfsync", "always"];

    private WorkerSettings Production => new(RedisServer.Url);

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenItReachesRedisSlowly()
    {
        var proxy = StartProxy();
        var (worker, neighbour) = await StartAsync(Production with { RedisUrl = proxy.Url }, Production);

        proxy.Slow(Slow);
        await WaitForHeartbeatsAsync(neighbour, seconds: 25);

        await AssertEndsAsync(worker, neighbour);
    }

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenItsNeighbourReachesRedisSlowly()
    {
        var proxy = StartProxy();
        var (worker, neighbour) = await StartAsync(Production, Production with { RedisUrl = proxy.Url });

        proxy.Slow(Slow);
        await WaitForHeartbeatsAsync(worker, seconds: 25);

        await AssertEndsAsync(worker, neighbour);
    }

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenItsNeighbourWasFrozen()
    {
        var (worker, neighbour) = await StartAsync(Production, Production);

        neighbour.Freeze();
        await WaitForHeartbeatsAsync(worker, seconds: 20);
        neighbour.Thaw();
        await WaitForHeartbeatsAsync(neighbour, seconds: 10);

        await AssertEndsAsync(worker, neighbour);
    }

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenItsClockIsWrong([Values(-5, 5)] int minutes)
    {
        var (worker, neighbour) = await StartAsync(
            Production with { ClockOffset = TimeSpan.FromMinutes(minutes) }, Production);

        await WaitForHeartbeatsAsync(neighbour, seconds: 20); // longer than the pause between two recoveries

        await AssertEndsAsync(worker, neighbour);
    }

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenRedisIsKilledAndRestarted()
    {
        var (worker, neighbour) = await StartAsync(Production, Production);

        await RedisServer.KillAsync();
        await RedisServer.StartAgainAsync();
        await WaitUntilAsync(() => Task.FromResult(Redis.IsConnected("any")), "the test reaches Redis");
        await WaitForHeartbeatsAsync(worker, seconds: 10);
        await WaitForHeartbeatsAsync(neighbour, seconds: 5);

        await AssertEndsAsync(worker, neighbour);
    }

    [Test]
    public async Task Tasks_StayWithTheirWorker_WhenItRunsTenThousand()
    {
        const int Count = 10_000;
        string[] many = [.. Enumerable.Range(0, Count).Select(i => $"t{i}")];
        await AddAsync("default", "wait", "", many);
        var worker = await StartWorkerAsync(Production with { Concurrency = Count });
        await worker.WaitAsync(all => all.Count(one => one.Kind == "start") == Count, "all tasks start");
        var neighbour = await StartWorkerAsync(Production);

        await WaitForHeartbeatsAsync(worker, seconds: 15);

        Assert.That(neighbour.Started, Is.Empty, "nothing was handed over");
        worker.Release("*");
        await WaitForCompletedAsync("default", Count);
        Assert.That(worker.Started, Is.Unique);
        Assert.That(await CountersAsync("default"), Is.EqualTo("10000 processed, 0 failed"));
    }

    private async Task<(WorkerProcess Worker, WorkerProcess Neighbour)> StartAsync(
        WorkerSettings first, WorkerSettings second)
    {
        await AddAsync("default", "wait", "", Tasks);
        var worker = await StartWorkerAsync(first);
        await worker.WaitForStartAsync(Tasks);

        return (worker, await StartWorkerAsync(second));
    }

    private async Task AssertEndsAsync(WorkerProcess worker, WorkerProcess neighbour)
    {
        Assert.That(neighbour.Started, Is.Empty, "nothing was handed over");
        Assert.That(worker.Events.Where(one => one.Kind == "end"), Is.Empty, "no handler was cancelled");
        worker.Release("*");
        neighbour.Release("*");
        await WaitForCompletedAsync("default", Tasks.Length);

        Assert.That(worker.Started, Is.EquivalentTo(Tasks), "each ran once");
        Assert.That(neighbour.Started, Is.Empty, "nothing was handed over");
        Assert.That(await CountersAsync("default"), Is.EqualTo("8 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }
}
