using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;

namespace Mirai.Faults.Tests.Outages;

/// <summary>Redis is away for longer than a lease and its tolerance: what ran meanwhile is written when Redis is
/// back.</summary>
internal sealed class OutageTests : FaultTest
{
    // Workers reconnect a second or two apart, so the time of two heartbeats must be longer than that.
    private static readonly WorkerTimes Times = new()
    {
        Lease = TimeSpan.FromSeconds(9), Heartbeat = TimeSpan.FromSeconds(3), ServerLifetime = TimeSpan.FromSeconds(6),
    };

    private static readonly string[] Tasks = [.. Enumerable.Range(0, 8).Select(i => $"t{i}")];

    [Test]
    public async Task Outcomes_AreWritten_WhenRedisRefusesConnectionsForLong()
    {
        var proxy = StartProxy();

        await PlayAsync(proxy, proxy.RefuseAsync, proxy.Pass);
    }

    [Test]
    public async Task Outcomes_AreWritten_WhenRedisIsFrozenForLong()
    {
        var proxy = StartProxy();

        await PlayAsync(
            proxy,
            () =>
            {
                RedisServer.Freeze();
                return Task.CompletedTask;
            },
            RedisServer.Thaw);
    }

    // The commands arrive and do their work; the worker cannot know that.
    [Test]
    public async Task Outcomes_CountOnce_AndTakenTasksRun_WhenRepliesAreLost()
    {
        string[] later = ["later0", "later1"];
        var proxy = StartProxy();
        var worker = await StartWorkerAsync(Settings() with { RedisUrl = proxy.Url, Concurrency = 10 });
        await AddAsync("default", "quick", "", "first"); // Redis knows the scripts from now on
        await WaitForCompletedAsync("default", 1);
        await AddAsync("default", "wait", "", Tasks);
        await worker.WaitForStartAsync(Tasks);

        proxy.Swallow(commands: false);
        worker.Release("*");
        await AddAsync("default", "quick", "", later);
        await WaitUntilAsync(
            async () => await Redis.SortedSetLengthAsync("asynq:{default}:completed") > 1, "Redis has an outcome");
        proxy.Pass();

        await WaitForCompletedAsync("default", 1 + Tasks.Length + later.Length);
        await WaitForHeartbeatsAsync(worker, seconds: 4);
        Assert.That(worker.Started, Is.Unique.And.EquivalentTo((string[])["first", .. Tasks, .. later]));
        Assert.That(await CountersAsync("default"), Is.EqualTo("11 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }

    private async Task PlayAsync(FaultProxy proxy, Func<Task> begin, Action end)
    {
        var settings = Settings() with
        {
            RedisUrl = proxy.Url, Concurrency = Tasks.Length / 2, Times = Times,
        };
        await AddAsync("default", "wait", "", Tasks);
        WorkerProcess[] workers = [await StartWorkerAsync(settings), await StartWorkerAsync(settings)];
        await WaitForStartsAsync(workers);
        var leases = (await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:lease", -1, -1))[0].Score;

        await begin();
        var during = ReleaseHalf(workers);
        await Task.WhenAll(workers.Zip(during, (worker, tasks) => worker.WaitForEndAsync(tasks)));
        var recoverable = leases + (Times.Heartbeat + Times.RecoveryTolerance).TotalSeconds;
        await WaitUntilAsync(
            () => Task.FromResult(Time.GetUtcNow().ToUnixTimeSeconds() > recoverable), "every lease is long over");
        end();

        await WaitForCompletedAsync("default", Tasks.Length / 2);
        await Task.WhenAll(workers.Select(worker => WaitForHeartbeatsAsync(worker, seconds: 9)));
        Assert.That(
            workers.SelectMany(worker => worker.Events).Where(one => one.Kind == "end").Select(one => one.Text),
            Is.All.EqualTo("ok"), "no handler was cancelled");
        Assert.That(workers.SelectMany(worker => worker.Started), Is.EquivalentTo(Tasks), "nothing was recovered");
        await AssertEndsAsync(workers);
    }

    private static Task WaitForStartsAsync(WorkerProcess[] workers) => Task.WhenAll(workers.Select(worker =>
        worker.WaitAsync(
            all => all.Count(one => one.Kind == "start") == Tasks.Length / workers.Length, "every slot has a task")));

    private static string[][] ReleaseHalf(WorkerProcess[] workers) => Array.ConvertAll(workers, worker =>
    {
        string[] half = [.. worker.Started.Take(Tasks.Length / workers.Length / 2)];
        worker.Release(half);
        return half;
    });

    private async Task AssertEndsAsync(WorkerProcess[] workers)
    {
        foreach (var worker in workers)
        {
            worker.Release("*");
        }

        await WaitForCompletedAsync("default", Tasks.Length);
        Assert.That(workers.SelectMany(worker => worker.Started), Is.EquivalentTo(Tasks), "each ran once");
        Assert.That(await CountersAsync("default"), Is.EqualTo("8 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }
}
