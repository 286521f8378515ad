using Mirai.Faults.Tests.Harness;

namespace Mirai.Faults.Tests.Deaths;

/// <summary>SIGTERM at any moment of a start ends the process quietly.</summary>
internal sealed class StopWhileStartingTests : FaultTest
{
    // 128 + SIGTERM: what the system does to a program that has not begun to handle signals.
    private const int EndedBySystem = 143;

    [Test]
    public async Task Stop_IsQuiet_WhenItComesWhileTheWorkerStarts(
        [Values(100, 300, 600, 1_000, 1_500, 2_000)] int milliseconds)
    {
        var worker = Launch(Settings());

        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time);
        worker.Terminate();

        await AssertQuietAsync(worker);
    }

    [Test]
    public async Task Stop_IsQuiet_WhenTheStartWaitsForRedis([Values] bool isSwallowed)
    {
        var proxy = StartProxy();
        if (isSwallowed)
        {
            proxy.Swallow();
        }
        else
        {
            await proxy.RefuseAsync();
        }

        var worker = Launch(Settings() with { RedisUrl = proxy.Url });
        await worker.WaitAsync(all => all.Any(one => one.Kind == "starting"), "the worker begins to start");
        worker.Terminate();

        await AssertQuietAsync(worker);
    }

    [Test]
    public async Task Stop_IsQuiet_WhenTheWorkerIsReadyAndRunsATask()
    {
        await AddAsync("default", "wait", "", "task");
        var worker = await StartWorkerAsync(Settings());
        await worker.WaitForStartAsync("task");

        worker.Terminate();

        await AssertQuietAsync(worker);
        Assert.That(await ChargeAsync("default", "task"), Is.EqualTo("pending, 0 retried, ''"));
    }

    private static async Task AssertQuietAsync(WorkerProcess worker)
    {
        var exitCode = await worker.WaitForExitAsync();
        var handlesSignals = worker.Events.Any(one => one.Kind == "starting");
        Assert.That(exitCode, handlesSignals ? Is.Zero : Is.AnyOf(0, EndedBySystem), worker.Describe());
        Assert.That(worker.Describe(), Does.Not.Contain("Unhandled exception"));
    }
}
