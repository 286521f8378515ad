using System.Text.Json.Nodes;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class ActionCommandTests : DriverTest
{
    [TestCase("run -id s", "pending")]
    [TestCase("archive -id s", "archived")]
    [TestCase("reschedule -id s -process-at 2100-01-01T00:00:00Z", "scheduled")]
    [TestCase("update-payload -id s -payload 'ü x'", "scheduled")]
    public async Task Action_ChangesOneTask(string action, string state)
    {
        await RunAsync("enqueue -type t -task-id s -process-in 1h");

        var result = await RunAsync($"action {action} -queue default");

        AssertOk(result);
        Assert.That((string?)await Redis.HashGetAsync("asynq:{default}:t:s", "state"), Is.EqualTo(state));
    }

    [Test]
    public async Task Reschedule_MovesTheTaskInPlace()
    {
        await RunAsync("enqueue -type t -task-id s -process-in 1h");

        AssertOk(await RunAsync("action reschedule -id s -process-at 4102444800"));

        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:scheduled", "s"), Is.EqualTo(4_102_444_800));
    }

    [TestCase("-payload 'ü x'", "ü x")]
    [TestCase("-payload-b64 eA==", "x")]
    [TestCase("", "")]
    public async Task UpdatePayload_WritesThePayload(string flags, string payload)
    {
        await RunAsync("enqueue -type t -task-id s -process-in 1h -payload old");

        AssertOk(await RunAsync($"action update-payload -id s {flags}"));

        var message = TaskMessage.Parser.ParseFrom((byte[])(await Redis.HashGetAsync("asynq:{default}:t:s", "msg"))!);
        Assert.That(message.Payload.ToStringUtf8(), Is.EqualTo(payload));
    }

    [Test]
    public async Task Delete_LeavesNothingOfTheTask()
    {
        await RunAsync("enqueue -type t -task-id s -process-in 1h");

        AssertOk(await RunAsync("action delete -id s"));

        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:t:s"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:scheduled"), Is.False);
    }

    [Test]
    public async Task Cancel_EndsTheAttempt()
    {
        await RunAsync("enqueue -type t -task-id s");
        await using var worker = Start("work -queues default=1 -sleep 1h -exit-after 1");
        await WaitForActiveAsync(1);

        await WaitUntilAsync(
            async () =>
            {
                AssertOk(await RunAsync("action cancel -id s"));
                return worker.HasExited;
            },
            "s is cancelled");

        Assert.That((string?)(await worker.WaitAsync()).Line["outcome"], Is.EqualTo("context_done"));
    }

    [Test]
    public async Task Pause_AndUnpause_AreRefusedTheSecondTime()
    {
        AssertOk(await RunAsync("action pause -queue low"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{low}:paused"), Is.True);
        AssertRefused(await RunAsync("action pause -queue low", exitCode: 3), "paused");

        AssertOk(await RunAsync("action unpause -queue low"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{low}:paused"), Is.False);
        AssertRefused(await RunAsync("action unpause -queue low", exitCode: 3), "not paused");
    }

    [Test]
    public async Task DeleteQueue_NeedsForce_WhenThereAreTasks()
    {
        await RunAsync("enqueue -type t -queue low");

        AssertRefused(await RunAsync("action delete-queue -queue low", exitCode: 3), "low");
        AssertOk(await RunAsync("action delete-queue -queue low -force"));

        Assert.That(await Redis.KeyExistsAsync("asynq:queues"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{low}:pending"), Is.False);
    }

    [TestCase("enqueue -type t -n 3 -process-in 1h", "run-all -state scheduled", "pending")]
    [TestCase("enqueue -type t -n 3", "archive-all -state pending", "archived")]
    [TestCase("enqueue -type t -n 3 -group g", "run-all -state aggregating -group g", "pending")]
    [TestCase("enqueue -type t -n 3", "delete-all -state pending", null)]
    public async Task Action_CountsTheTasks_WhenItIsAboutMany(string enqueue, string action, string? state)
    {
        await RunAsync(enqueue);

        var result = await RunAsync($"action {action}");

        AssertLine(result.Line, new JsonObject { ["ok"] = true, ["count"] = 3 });
        var inspected = (await RunAsync("inspect")).Line["queue"]!["default"]!["info"]!;
        Assert.That((int)inspected["size"]!, Is.EqualTo(state is null ? 0 : 3));
        Assert.That(state is null || (int)inspected[state]! == 3);
    }

    [TestCase("run -id nothing", "nothing")]
    [TestCase("run -queue nowhere -id a", "nowhere")]
    [TestCase("run -id a", "pending")]
    [TestCase("update-payload -id a -payload x", "pending")]
    [TestCase("reschedule -id a -process-at 4102444800", "pending")]
    [TestCase("delete-queue -queue nowhere", "nowhere")]
    [TestCase("run-all -queue nowhere -state retry", "nowhere")]
    [TestCase("run-all -state pending", "pending")]
    [TestCase("delete-all -state active", "active")]
    [TestCase("run-all -state aggregating", "group")]
    public async Task Action_ExitsWith3_WhenItIsRefused(string action, string named)
    {
        await RunAsync("enqueue -type t -task-id a");

        AssertRefused(await RunAsync($"action {action}", exitCode: 3), named);
    }

    private static void AssertOk(DriverResult result) => AssertLine(result.Line, new JsonObject { ["ok"] = true });

    private static void AssertRefused(DriverResult result, string named)
    {
        Assert.That(result.Line.Select(field => field.Key), Is.EqualTo(new[] { "error" }));
        Assert.That((string?)result.Line["error"], Does.Contain(named));
    }
}
