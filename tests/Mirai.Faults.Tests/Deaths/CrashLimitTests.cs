using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;

namespace Mirai.Faults.Tests.Deaths;

/// <summary>A task whose handler kills its process is set aside after three deaths.</summary>
internal sealed class CrashLimitTests : FaultTest
{
    private const int Limit = 3;

    // Who looks on sees each death long before the lease ends, which would count an attempt and no death.
    private WorkerSettings OneSlot => Settings() with
    {
        Concurrency = 1,
        Times = WorkerTimes.Short with
        {
            Lease = WorkerTimes.Production.Lease, RecoveryTolerance = WorkerTimes.Production.RecoveryTolerance,
        },
    };

    [Test]
    public async Task Task_IsArchived_WhenItKilledThreeWorkers_AndTheOthersRun()
    {
        string[] others = [.. Enumerable.Range(0, 10).Select(i => $"other{i}")];
        await AddAsync("default", "die", "", "killer");
        await AddAsync("default", "quick", "", others);

        // An orchestrator restarts the worker, until one stays alive.
        for (var death = 0; death < Limit; death++)
        {
            var victim = Launch(OneSlot);
            await victim.WaitForStartAsync("killer");
            Assert.That(await victim.WaitForExitAsync(), Is.Not.Zero);
        }

        var survivor = await StartWorkerAsync(OneSlot);
        await WaitUntilAsync(
            async () => await Redis.SortedSetLengthAsync("asynq:{default}:archived") == 1, "the killer is archived");
        await WaitForCompletedAsync("default", others.Length);

        Assert.That(survivor.Started, Has.None.EqualTo("killer"));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:archived", "killer"), Is.Not.Null);
        Assert.That(
            await ChargeAsync("default", "killer"),
            Does.StartWith("archived, 0 retried, '").And.Contains("3").And.Contains("worker").IgnoreCase);
        foreach (var id in others)
        {
            Assert.That(await ChargeAsync("default", id), Is.EqualTo("completed, 0 retried, ''"));
        }

        await AssertNothingIsLeftAsync("default");
    }
}
