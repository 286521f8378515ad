using Mirai.Queue.InteropTests.Driver;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Faults;

/// <summary>The process of a worker dies with its tasks in flight, as a crash or <c>kill -9</c> ends it: all of them
/// finish elsewhere, and each is charged with the attempt that was lost, as by Asynq.</summary>
internal sealed class WorkerKilledTests : DriverTest
{
    // A lease of 30 s, and another 30 s in which it is respected because clocks differ.
    private static readonly TimeSpan LeaseIsOver = TimeSpan.FromSeconds(65);

    private static readonly EnqueueOptions Kept = new() { Retention = TimeSpan.FromHours(1) };

    [Test]
    public async Task Kill_LeavesTasksToAnotherWorker_WhichChargesThoseThatRan()
    {
        await using var worker = new LaterWorker(Redis, LeaseIsOver);
        await worker.Client.EnqueueAsync(
            Task("unique"), Kept with { TaskId = "unique", UniqueFor = TimeSpan.FromHours(1) });
        await worker.Client.EnqueueAsync(Task("last"), Kept with { TaskId = "last", MaxRetry = 0 });
        await worker.Client.EnqueueAsync(Task("plain"), Kept with { TaskId = "plain" });
        await worker.Client.EnqueueAsync(Task("waiting"), Kept with { TaskId = "waiting" });
        await KillAsync("work -concurrency 3 -sleep 1h", () => WaitForActiveAsync(3));
        Assert.That(await StateAsync("unique"), Is.EqualTo("active"), "it ran when its worker was killed");

        await worker.StartAsync();
        await WaitForCompletedAsync(3);

        Assert.That(
            worker.Handled.Select(task => task.TaskId).Order(), Is.EqualTo(new[] { "plain", "unique", "waiting" }));
        foreach (var id in (string[])["unique", "plain"])
        {
            Assert.That(await ChargeAsync(id), Is.EqualTo("completed, 1 retried, 'asynq: task lease expired'"));
        }

        Assert.That(await ChargeAsync("waiting"), Is.EqualTo("completed, 0 retried, ''"));
        Assert.That(await ChargeAsync("last"), Is.EqualTo("archived, 0 retried, 'asynq: task lease expired'"));
        Assert.That(await CountersAsync(), Is.EqualTo("6 processed, 3 failed"));
        await AssertNothingIsLeftAsync();
        Assert.That((string[]?)await Redis.ExecuteAsync("KEYS", "asynq:{default}:unique:*"), Is.Empty);
    }

    [Test]
    public async Task Kill_LosesNothing_WhenTheWorkerIsBusy()
    {
        const int Count = 200;
        await using var worker = new LaterWorker(Redis, LeaseIsOver);
        var ids = Enumerable.Range(0, Count).Select(i => $"t{i}").ToList();
        await worker.Client.EnqueueManyAsync(
            [.. ids.Select(id => new QueueTask("t", options: Kept with { TaskId = id }))]);
        await KillAsync("work -concurrency 10 -sleep 20ms", () => WaitUntilAsync(
            async () => await CompletedAsync() >= Count / 4, "a part of the tasks is done"));

        await worker.StartAsync();
        await WaitForCompletedAsync(Count);

        Assert.That(worker.Handled.Select(task => task.TaskId), Is.Unique);
        var charges = await System.Threading.Tasks.Task.WhenAll(ids.Select(ChargeAsync));
        var charged = charges.Count(charge => charge == "completed, 1 retried, 'asynq: task lease expired'");
        Assert.That(charged, Is.GreaterThan(0));
        Assert.That(charges.Count(charge => charge == "completed, 0 retried, ''"), Is.EqualTo(Count - charged));
        Assert.That(await CountersAsync(), Is.EqualTo($"{Count + charged} processed, {charged} failed"));
        await AssertNothingIsLeftAsync();
    }

    private static async Task KillAsync(string commandLine, Func<Task> busy)
    {
        await using var driver = Start(commandLine);
        await busy();
        driver.Kill();
        Assert.That((await driver.WaitAsync()).ExitCode, Is.Not.Zero);
    }

    private static QueueTask Task(string payload) => new("t", System.Text.Encoding.UTF8.GetBytes(payload));

    private static Task WaitForCompletedAsync(int count) =>
        WaitUntilAsync(async () => await CompletedAsync() == count, $"{count} tasks are completed");

    private static Task<long> CompletedAsync() => Redis.SortedSetLengthAsync("asynq:{default}:completed");

    private static async Task<string?> StateAsync(string id) =>
        await Redis.HashGetAsync($"asynq:{{default}}:t:{id}", "state");

    private static async Task<string> ChargeAsync(string id)
    {
        var bytes = (byte[])(await Redis.HashGetAsync($"asynq:{{default}}:t:{id}", "msg"))!;
        var message = TaskMessage.Parser.ParseFrom(bytes);

        return $"{await StateAsync(id)}, {message.Retried} retried, '{message.ErrorMsg}'";
    }

    private static async Task<string> CountersAsync() =>
        $"{await Redis.StringGetAsync("asynq:{default}:processed")} processed, "
        + $"{await Redis.StringGetAsync("asynq:{default}:failed")} failed";

    private static async Task AssertNothingIsLeftAsync()
    {
        foreach (var part in (string[])["pending", "active", "lease", "retry", "scheduled"])
        {
            Assert.That(await Redis.KeyExistsAsync($"asynq:{{default}}:{part}"), Is.False, part);
        }
    }
}
