using System.Text.Json.Nodes;
using Mirai.Local.Redis;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class ScheduleCommandTests : DriverTest
{
    [Test]
    public async Task Schedule_PrintsTheEntry_AndATaskForEachTick()
    {
        var result = await RunAsync("schedule -spec '@every 1s' -for 3500ms -type t -payload p -max-retry 2");

        Assert.That(result.Lines, Has.Count.GreaterThanOrEqualTo(2));
        AssertLine(
            result.Lines[0],
            new JsonObject { ["event"] = "registered", ["entry_id"] = "", ["spec"] = "@every 1s" },
            "entry_id");
        AssertLine(result.Lines[1], Enqueued(), "id", "next_process_at");
        Assert.That(
            result.Lines.Skip(1).Select(line => (string?)line["id"]), Is.EqualTo((await PendingAsync()).Reverse()));
    }

    [Test]
    public async Task Schedule_ShowsTheEntryWhileItRuns_AndLeavesNothing()
    {
        await using var driver = Start(
            "schedule -spec '@every 1s' -type t -queue low -location Asia/Tokyo -heartbeat 1s");
        var entry = (string)(await driver.ReadLineAsync())["entry_id"]!;
        await driver.ReadLineAsync();
        var history = $"asynq:scheduler_history:{entry}";
        await WaitUntilAsync(() => Redis.KeyExistsAsync(history), "the tick is in the history");
        var key = (string)(await Redis.SortedSetRangeByRankAsync("asynq:schedulers")).Single()!;
        Assert.That(key, Does.Contain($":{driver.Id}:"));
        Assert.That(await Redis.ListLengthAsync(key), Is.EqualTo(1));

        driver.Signal(UnixSignal.Terminate);
        var result = await driver.WaitAsync();

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(await Redis.KeyExistsAsync([key, "asynq:schedulers", history]), Is.Zero);
    }

    [Test]
    public async Task Schedule_PrintsWhyATickWasRefused()
    {
        var result = await RunAsync("schedule -spec '@every 1s' -for 3500ms -type t -unique 1h");

        Assert.That(
            result.Lines.Select(line => (string?)line["event"]).Take(3),
            Is.EqualTo(new[] { "registered", "enqueued", "enqueue_error" }));
        Assert.That((string?)result.Lines[2]["error"], Does.Contain("uniqueness lock"));
    }

    [TestCase("-spec '* * * * 7'", "day of week '7'")]
    [TestCase("-spec @daily -location Mars/Olympus", "Mars/Olympus")]
    [TestCase("-spec @daily -unique 1ms", "UniqueFor")]
    [TestCase("-spec @daily -heartbeat 1ms", "HeartbeatInterval")]
    public async Task Schedule_ExitsWith1_WhenTheLibraryRefuses(string flags, string reason)
    {
        var result = await RunAsync($"schedule -type t {flags}", exitCode: 1);

        Assert.That(result.Errors, Does.Contain(reason));
        Assert.That(result.Errors.TrimEnd('\n', '\r'), Does.Not.Contain('\n'));
    }

    private static JsonObject Enqueued() => new()
    {
        ["id"] = "", ["queue"] = "default", ["type"] = "t", ["payload"] = "p", ["payload_base64"] = "cA==",
        ["state"] = "pending", ["max_retry"] = 2, ["retried"] = 0, ["last_err"] = "", ["last_failed_at"] = null,
        ["timeout_seconds"] = 1800, ["deadline"] = null, ["group"] = "", ["next_process_at"] = "",
        ["is_orphaned"] = false, ["retention_seconds"] = 0, ["completed_at"] = null, ["result"] = "",
        ["result_base64"] = "", ["event"] = "enqueued",
    };
}
