using System.Text.Json.Nodes;
using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class WorkCommandTests : DriverTest
{
    [TestCase("-result r", "ok", null)]
    [TestCase("-fail 1 -error 'no luck'", "error", "no luck")]
    [TestCase("-error 'no luck'", "error", "no luck")]
    [TestCase("-panic", "panic", "simulated failure")]
    [TestCase("-not-failure", "error", "simulated failure")]
    [TestCase("-skip-retry -error bad", "skip_retry", "bad: skip retry for the task")]
    [TestCase("-revoke", "revoke", "simulated failure: revoke task")]
    public async Task Work_PrintsWhatTheHandlerDid(string behaviour, string outcome, string? error)
    {
        await AddPendingAsync(Task("a"));

        var result = await RunAsync($"work -retry-delay 1h -exit-after 1 {behaviour}");

        var expected = Line("a", outcome);
        if (error is not null)
        {
            expected["error"] = error;
        }

        AssertLine(result.Line, expected, "started", "took_ms", "deadline");
    }

    [TestCase("-result r", "completed")]
    [TestCase("-fail 1", "retry")]
    [TestCase("-panic", "retry")]
    [TestCase("-skip-retry", "archived")]
    [TestCase("-revoke", null)]
    public async Task Work_LeavesTheTaskWhereItsOutcomeSays(string behaviour, string? state)
    {
        await AddPendingAsync(Task("a"));

        await RunAsync($"work -retry-delay 1h -exit-after 1 {behaviour}");

        Assert.That((string?)await Redis.HashGetAsync("asynq:{default}:t:a", "state"), Is.EqualTo(state));
        Assert.That(await Redis.ListLengthAsync("asynq:{default}:active"), Is.Zero);
        Assert.That(
            (string?)await Redis.HashGetAsync("asynq:{default}:t:a", "result"),
            Is.EqualTo(state == "completed" ? "r" : null));
    }

    [Test]
    public async Task Work_ChargesNothing_WhenTheErrorIsNoFailure()
    {
        await AddPendingAsync(Task("a"));

        await RunAsync("work -retry-delay 1h -exit-after 1 -not-failure");

        Assert.That((await ReadAsync("a")).Retried, Is.Zero);
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:failed"), Is.False);
    }

    [Test]
    public async Task Work_FailsWhileFewerRetriesWereUsed()
    {
        await AddPendingAsync(Task("a"));

        var result = await RunAsync("work -fail 2 -retry-delay 1ms -exit-after 3");

        Assert.That(
            result.Lines.Select(line => $"{line["retried"]} {line["outcome"]}"),
            Is.EqualTo(new[] { "0 error", "1 error", "2 ok" }));
    }

    [Test]
    public async Task Work_PrintsHeadersAndAnyBytes()
    {
        var task = Task("a");
        task.Payload = ByteString.CopyFrom(0xff, 0);
        task.Headers["k"] = "v";
        await AddPendingAsync(task);

        var result = await RunAsync("work -exit-after 1");

        var expected = Line("a", "ok");
        expected.Remove("payload");
        expected["payload_base64"] = "/wA=";
        expected["headers"] = new JsonObject { ["k"] = "v" };
        AssertLine(result.Line, expected, "started", "took_ms", "deadline");
    }

    [Test]
    public async Task Work_HandlesTheTypesThatFlagsName()
    {
        await AddPendingAsync(Task("a", "a:1"), Task("x", "x"), Task("b", "b:2"));

        var result = await RunAsync("work -types 'a:,b:' -concurrency 1 -retry-delay 1h -exit-after 2");

        Assert.That(result.Lines.Select(line => (string?)line["id"]), Is.EqualTo(new[] { "a", "b" }));
        Assert.That((await ReadAsync("x")).ErrorMsg, Is.EqualTo("handler not found for task \"x\""));
    }

    [TestCase("2", 2)]
    [TestCase("300ms", 0)]
    public async Task Work_StopsAfterTasksOrADuration_AndSumsUpWhenQuiet(string exitAfter, int tasks)
    {
        await AddPendingAsync([.. Enumerable.Range(0, tasks).Select(i => Task($"t{i}"))]);

        var result = await RunAsync($"work -quiet -concurrency 1 -exit-after {exitAfter}");

        AssertLine(result.Line, new JsonObject { ["handled"] = tasks, ["seconds"] = 0 }, "seconds");
        Assert.That((double)result.Line["seconds"]!, Is.GreaterThanOrEqualTo(tasks == 0 ? 0.3 : 0));
    }

    [Test]
    public async Task Work_StopsSleeping_WhenTheTaskIsCancelled()
    {
        await AddPendingAsync(Task("a"));
        await using var driver = Start("work -sleep 1h -retry-delay 1h -exit-after 1");
        await CancelAsync(driver, "a");

        var result = await driver.WaitAsync();
        var expected = Line("a", "context_done");
        expected["error"] = "context canceled";
        AssertLine(result.Line, expected, "started", "took_ms", "deadline");
    }

    [Test]
    public async Task Work_SleepsToTheEnd_WhenItIgnoresItsDeadline()
    {
        var (bounded, patient) = (Task("a"), Task("b"));
        bounded.Timeout = patient.Timeout = 1;
        await AddPendingAsync(bounded);
        var stopped = await RunAsync("work -sleep 1h -retry-delay 1h -exit-after 1");
        await AddPendingAsync(patient);

        var ignored = await RunAsync("work -sleep 2s -ignore-ctx -retry-delay 1h -exit-after 1");

        Assert.That(
            $"{stopped.Line["outcome"]}: {stopped.Line["error"]}",
            Is.EqualTo("context_done: context deadline exceeded"));
        Assert.That((string?)ignored.Line["outcome"], Is.EqualTo("ok"));
        Assert.That((double)ignored.Line["took_ms"]!, Is.GreaterThanOrEqualTo(1_900));
    }

    [Test]
    public async Task Work_ExitsWith1_WhenTheLibraryRefusesASetting()
    {
        var result = await RunAsync("work -shutdown-timeout -1s", exitCode: 1);

        Assert.That(result.Errors, Does.Contain("ShutdownTimeout"));
        Assert.That(result.Errors.TrimEnd('\n', '\r'), Does.Not.Contain('\n'));
    }

    private static async Task<TaskMessage> ReadAsync(string id) =>
        TaskMessage.Parser.ParseFrom((byte[])(await Redis.HashGetAsync($"asynq:{{default}}:t:{id}", "msg"))!);

    private static TaskMessage Task(string id, string type = "t") => new()
    {
        Id = id, Type = type, Queue = "default", Payload = ByteString.CopyFromUtf8("p"), Retry = 5, Timeout = 60,
        Retention = 3_600,
    };

    private static JsonObject Line(string id, string outcome) => new()
    {
        ["id"] = id, ["type"] = "t", ["queue"] = "default", ["retried"] = 0, ["max_retry"] = 5, ["outcome"] = outcome,
        ["started"] = "", ["took_ms"] = 0, ["payload"] = "p", ["payload_base64"] = "cA==", ["deadline"] = "",
    };
}
