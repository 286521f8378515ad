using Mirai.Queue.InteropTests.Driver;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Faults;

/// <summary>The process of a worker dies with its tasks in flight, as a crash or <c>kill -9</c> ends it: all of them
/// finish elsewhere, and none is charged with the attempt that was lost.</summary>
internal sealed class WorkerKilledTests : DriverTest
{
    private static readonly EnqueueOptions Kept = new() { Retention = TimeSpan.FromHours(1) };

    [Test]
    public async Task Kill_LeavesTasksToAnotherWorker_WhichRunsThemUncharged()
    {
        await using var worker = new AnotherWorker(Redis);
        await worker.Client.EnqueueAsync(
            Task("unique"), Kept with { TaskId = "unique", UniqueFor = TimeSpan.FromHours(1) });
        await worker.Client.EnqueueAsync(Task("last"), Kept with { TaskId = "last", MaxRetry = 0 });
        await worker.Client.EnqueueAsync(Task("plain"), Kept with { TaskId = "plain" });
        await worker.Client.EnqueueAsync(Task("waiting"), Kept with { TaskId = "waiting" });
        await KillAsync("work -concurrency 3 -sleep 1h", () => WaitForActiveAsync(3));
        Assert.That(await StateAsync("unique"), Is.EqualTo("active"), "it ran when its worker was killed");

        await worker.StartAsync();
        await WaitForCompletedAsync(4);

        string[] ids = ["last", "plain", "unique", "waiting"];
        Assert.That(worker.Handled.Select(task => task.TaskId).Order(), Is.EqualTo(ids));
        foreach (var id in ids)
        {
            Assert.That(await ChargeAsync(id), Is.EqualTo("completed, 0 retried, ''"));
        }

        Assert.That(await CountersAsync(), Is.EqualTo("4 processed,  failed"));
        await AssertNothingIsLeftAsync();
        Assert.That((string[]?)await Redis.ExecuteAsync("KEYS", "asynq:{default}:unique:*"), Is.Empty);
    }

    [Test]
    public async Task Kill_LosesNothing_WhenTheWorkerIsBusy()
    {
        const int Count = 200;
        await using var worker = new AnotherWorker(Redis);
        var ids = Enumerable.Range(0, Count).Select(i => $"t{i}").ToList();
        await worker.Client.EnqueueManyAsync(
            [.. ids.Select(id => new QueueTask("t", options: Kept with { TaskId = id }))]);
        await KillAsync("work -concurrency 10 -sleep 20ms", () => WaitUntilAsync(
            async () => await CompletedAsync() >= Count / 4, "a part of the tasks is done"));

        await worker.StartAsync();
        await WaitForCompletedAsync(Count);

        Assert.That(worker.Handled.Select(task => task.TaskId), Is.Unique);
        var charges = await System.Threading.Tasks.Task.WhenAll(ids.Select(ChargeAsync));
        Assert.That(charges, Is.All.EqualTo("completed, 0 retried, ''"));
        Assert.That(await CountersAsync(), Is.EqualTo($"{Count} processed,  failed"));
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
