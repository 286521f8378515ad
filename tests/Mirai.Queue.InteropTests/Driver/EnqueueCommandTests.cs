using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class EnqueueCommandTests : DriverTest
{
    [Test]
    public async Task Enqueue_PrintsTask_WithoutOptions()
    {
        var result = await RunAsync("enqueue -type t");

        var id = (string)result.Line["id"]!;
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { id }));
        AssertLine(result.Line, Info(id), "next_process_at");
    }

    [Test]
    public async Task Enqueue_SetsEveryOptionThatIsGiven()
    {
        var result = await RunAsync(
            "enqueue -type t -payload 'ü x' -queue low -task-id a -max-retry=3 -timeout 1m30s -retention 24h"
            + " -deadline 2100-01-02T03:04:05Z -unique 1h -header k=v --header l=m=n -process-at 4102444800");

        var expected = Info("a");
        expected["queue"] = "low";
        (expected["payload"], expected["payload_base64"]) = ("ü x", "w7wgeA==");
        expected["state"] = "scheduled";
        expected["max_retry"] = 3;
        expected["timeout_seconds"] = 90;
        expected["deadline"] = "2100-01-02T03:04:05Z";
        expected["next_process_at"] = "2100-01-01T00:00:00Z";
        expected["retention_seconds"] = 86_400;
        expected["headers"] = new JsonObject { ["k"] = "v", ["l"] = "m=n" };
        AssertLine(result.Line, expected);
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{low}:scheduled", "a"), Is.EqualTo(4_102_444_800));
        Assert.That(
            (string?)await Redis.StringGetAsync("asynq:{low}:unique:t:dd1157b76539e10459d25b82656937b3"),
            Is.EqualTo("a"));
    }

    [Test]
    public async Task Enqueue_AddsToGroup()
    {
        var result = await RunAsync("enqueue -type t -task-id a -group g");

        var expected = Info("a");
        (expected["state"], expected["group"], expected["next_process_at"]) = ("aggregating", "g", null);
        AssertLine(result.Line, expected);
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:g:g", "a"), Is.Not.Null);
    }

    [TestCase("", "")]
    [TestCase("-payload ''", "d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("-payload x", "9dd4e461268c8034f5c8564e155c67a6")]
    [TestCase("-payload-b64 eA==", "9dd4e461268c8034f5c8564e155c67a6")]
    public async Task Enqueue_TellsNoPayloadFromAnEmptyOne_ByItsLock(string payload, string digest)
    {
        await RunAsync($"enqueue -type t -unique 1h {payload}");

        Assert.That(await Redis.KeyExistsAsync($"asynq:{{default}}:unique:t:{digest}"), Is.True);
    }

    [Test]
    public async Task Enqueue_ReadsPayloadFromFile()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, [0, 255, 10]);

        var result = await RunAsync($"enqueue -type t -payload-file '{path}'");

        File.Delete(path);
        Assert.That((string?)result.Line["payload_base64"], Is.EqualTo("AP8K"));
        Assert.That(result.Line.ContainsKey("payload"), Is.False, "it is not text");
    }

    [TestCase("")]
    [TestCase("-concurrency 3")]
    [TestCase("-many")]
    public async Task Enqueue_NumbersTasks_WhenThereAreMany(string how)
    {
        var result = await RunAsync($"enqueue -n 3 -type t{{i}} -payload '{{i}}{{i}}x' -task-id id{{i}} {how}");

        var tasks = result.Lines.Select(line => $"{line["id"]} {line["type"]} {line["payload"]}").Order();
        Assert.That(tasks, Is.EqualTo(new[] { "id0 t0 00x", "id1 t1 11x", "id2 t2 22x" }));
        Assert.That(await Redis.ListLengthAsync("asynq:{default}:pending"), Is.EqualTo(3));
    }

    [Test]
    public async Task Enqueue_KeepsTheMark_WhenThereIsOneTask()
    {
        var result = await RunAsync("enqueue -type t{i} -task-id id{i}");

        Assert.That((string?)result.Line["id"], Is.EqualTo("id{i}"));
    }

    [TestCase("")]
    [TestCase("-many")]
    public async Task Enqueue_ExitsWith3_WhenSomeAreRefused(string how)
    {
        await RunAsync("enqueue -type t -task-id id1");

        var result = await RunAsync($"enqueue -n 2 -type t -task-id id{{i}} {how}", exitCode: 3);

        Assert.That(result.Lines, Has.Count.EqualTo(2));
        Assert.That((string?)result.Lines[0]["id"], Is.EqualTo("id0"));
        AssertLine(result.Lines[1], Refused("task_id_conflict", 1), "error");
        Assert.That(result.Errors, Is.Empty);
    }

    [TestCase("-unique 1h", "duplicate")]
    [TestCase("-task-id a", "task_id_conflict")]
    [TestCase("-queue ' '", "other")]
    [TestCase("-unique 10ms", "other")]
    [TestCase("-type ' '", "other")]
    public async Task Enqueue_NamesTheKindOfRefusal(string options, string kind)
    {
        await RunAsync("enqueue -type t -task-id a -unique 1h");

        var result = await RunAsync($"enqueue -type t {options}", exitCode: 3);

        AssertLine(result.Line, Refused(kind, 0), "error");
        Assert.That((string?)result.Line["error"], Is.Not.Empty);
    }

    [TestCase("")]
    [TestCase("-many")]
    public async Task Enqueue_PrintsASummary_WhenQuiet(string how)
    {
        await RunAsync("enqueue -type t -task-id id7");

        var result = await RunAsync($"enqueue -n 10 -type t -task-id id{{i}} -quiet {how}", exitCode: 3);

        string[] measured = ["seconds", "per_second", "p50_us", "p99_us"];
        AssertLine(
            result.Line,
            JsonNode.Parse("""{"n": 10, "failed": 1, "seconds": 0, "per_second": 0, "p50_us": 0, "p99_us": 0}""")!,
            measured);
        Assert.That(measured.Select(name => (double)result.Line[name]!), Is.All.GreaterThan(0));
    }

    private static JsonObject Info(string id) => new()
    {
        ["id"] = id, ["queue"] = "default", ["type"] = "t", ["payload"] = "", ["payload_base64"] = "",
        ["state"] = "pending", ["max_retry"] = 25, ["retried"] = 0, ["last_err"] = "", ["last_failed_at"] = null,
        ["timeout_seconds"] = 1_800, ["deadline"] = null, ["group"] = "", ["next_process_at"] = null,
        ["is_orphaned"] = false, ["retention_seconds"] = 0, ["completed_at"] = null, ["result"] = "",
        ["result_base64"] = "",
    };

    private static JsonObject Refused(string kind, int index) =>
        new() { ["error"] = "", ["kind"] = kind, ["index"] = index };
}
