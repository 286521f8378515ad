using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;

namespace Mirai.Faults.Tests.Deaths;

/// <summary>A worker dies by <c>kill -9</c>: its tasks run elsewhere within 15 s, and are not charged. With the times
/// of production.</summary>
internal sealed class HandOffTests : FaultTest
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);
    private static readonly string[] Tasks = [.. Enumerable.Range(0, 24).Select(i => $"t{i}")];

    private WorkerSettings Production => new(RedisServer.Url) { Concurrency = Tasks.Length };

    [Test]
    public async Task Tasks_RunElsewhere_WhenTheirWorkerIsKilled()
    {
        await AddAsync("default", "wait", "", Tasks);
        var victim = await StartWorkerAsync(Production);
        await victim.WaitForStartAsync(Tasks);
        var heir = await StartWorkerAsync(Production);
        await WaitForHeartbeatsAsync(heir, seconds: 10);

        victim.Kill();

        await AssertInheritsAsync(heir);
    }

    [Test]
    public async Task Tasks_RunElsewhere_WhenTheirGoWorkerIsKilled()
    {
        await AddAsync("default", "wait", "", Tasks);
        var victim = await GoWorker.StartAsync(Redis, "default", WorkerTimes.Production);
        var heir = await StartWorkerAsync(Production);
        await WaitForHeartbeatsAsync(heir, seconds: 10);

        await victim.DisposeAsync();

        await AssertInheritsAsync(heir);
    }

    // Nobody saw the death: the time begins with the first worker that can.
    [Test]
    public async Task Tasks_RunAgain_WhenTheOnlyWorkerIsKilledAndRestarted()
    {
        await AddAsync("default", "wait", "", Tasks);
        var victim = await StartWorkerAsync(Production);
        await victim.WaitForStartAsync(Tasks);
        victim.Kill();
        await victim.WaitForExitAsync();

        var heir = await StartWorkerAsync(Production);

        await AssertInheritsAsync(heir);
    }

    private async Task AssertInheritsAsync(WorkerProcess heir)
    {
        var started = Time.GetTimestamp();
        await heir.WaitForStartAsync(Tasks);
        var took = Time.GetElapsedTime(started);
        heir.Release("*");
        await WaitForCompletedAsync("default", Tasks.Length);

        Assert.That(took, Is.LessThan(Promised));
        Assert.That(heir.Started, Is.EquivalentTo(Tasks));
        Assert.That(heir.Events.Where(one => one.Kind == "start").Select(one => one.Retried), Is.All.Zero);
        foreach (var id in Tasks)
        {
            Assert.That(await ChargeAsync("default", id), Is.EqualTo("completed, 0 retried, ''"));
        }

        Assert.That(await CountersAsync("default"), Is.EqualTo("24 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }
}
