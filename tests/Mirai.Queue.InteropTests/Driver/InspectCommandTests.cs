using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class InspectCommandTests : DriverTest
{
    // What depends on the day, on the moment, or on how Redis keeps a key. That version knew no slots.
    private static readonly string[] OfTheMoment =
        ["library", "memory_usage", "latency_ms", "timestamp", "history", "cluster_key_slot", "errors"];

    [TestCaseSource(nameof(Recorded))]
    public async Task Inspect_PrintsWhatGosDriverPrinted(JsonObject step)
    {
        await RedisKeyspace.WriteAsync(
            Redis, Keyspace.Parse(step["keys"]!.AsArray()), _ => TimeSpan.FromHours(1));

        var result = await RunAsync("inspect");

        AssertLine(Lasting(result.Line), Lasting(step["output"]!));
    }

    [Test]
    public async Task Inspect_PrintsEveryPartOfTheContract()
    {
        await RunAsync("enqueue -type t -task-id a");

        var result = await RunAsync("inspect -queue default -history 2");

        Assert.That(Names(result.Line), Is.EqualTo(new[]
            { "errors", "library", "queue", "queues", "scheduler_entries", "servers" }));
        var queue = result.Line["queue"]!["default"]!;
        Assert.That(Names(queue), Is.EqualTo(new[] { "cluster_key_slot", "groups", "history", "info", "tasks" }));
        Assert.That((string?)result.Line["library"], Does.StartWith("Mirai.Queue "));
        Assert.That((int)queue["cluster_key_slot"]!, Is.EqualTo(5718));
        Assert.That((long)queue["info"]!["memory_usage"]!, Is.GreaterThan(0));
        Assert.That((double)queue["info"]!["latency_ms"]!, Is.GreaterThan(0));
        Assert.That(
            queue["history"]!.AsArray().Select(day => ((string)day!["date"]!).Length), Is.EqualTo(new[] { 10, 10 }));
        Assert.That(result.Line["errors"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Inspect_PrintsOnePage()
    {
        await RunAsync("enqueue -type t -task-id 't{i}' -n 5");

        var result = await RunAsync("inspect -page-size 2 -page 2");

        var pending = result.Line["queue"]!["default"]!["tasks"]!["pending"]!.AsArray();
        Assert.That(pending.Select(task => (string?)task!["id"]), Is.EqualTo(new[] { "t2", "t3" }));
    }

    [Test]
    public async Task Inspect_PrintsServersWithTheirWork()
    {
        await RunAsync("enqueue -type t -task-id a -payload x -timeout 1h");
        await using var worker = Start("work -queues default=2,low=1 -strict -concurrency 3 -sleep 1h");

        JsonNode? server = null;
        await WaitUntilAsync(
            async () =>
            {
                server = (await RunAsync("inspect")).Line["servers"]!.AsArray().SingleOrDefault();
                return server?["active_workers"]!.AsArray().Count == 1;
            },
            "the server shows its work");

        AssertLine(
            server!.AsObject(),
            JsonNode.Parse($$"""
                {
                    "id": "", "host": "", "pid": {{worker.Id}}, "concurrency": 3, "queues": { "default": 2, "low": 1 },
                    "strict_priority": true, "started": "", "status": "active", "active_workers": []
                }
                """)!,
            "id", "host", "started", "active_workers");
        AssertLine(
            server["active_workers"]![0]!.AsObject(),
            JsonNode.Parse("""
                {
                    "task_id": "a", "task_type": "t", "task_payload": "x", "task_payload_base64": "eA==",
                    "queue": "default", "started": "", "deadline": ""
                }
                """)!,
            "started", "deadline");
    }

    [Test]
    public async Task Inspect_PrintsSchedulerEntriesWithTheirEvents()
    {
        var entry = new SchedulerEntry { Id = "e", Spec = "@every 5s", TaskType = "t" };
        entry.EnqueueOptions.Add("MaxRetry(3)");
        entry.NextEnqueueTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeSeconds(4_102_444_800));
        var done = new SchedulerEnqueueEvent { TaskId = "x", EnqueueTime = new Timestamp { Seconds = 1_700_000_000 } };
        await Redis.SortedSetAddAsync("asynq:schedulers", "asynq:schedulers:{h:1:u}", 4_102_444_800);
        await Redis.ListLeftPushAsync("asynq:schedulers:{h:1:u}", entry.ToByteArray());
        await Redis.SortedSetAddAsync("asynq:scheduler_history:e", done.ToByteArray(), 1_700_000_000);

        var result = await RunAsync("inspect");

        AssertLine(
            result.Line["scheduler_entries"]!.AsArray().Single()!.AsObject(),
            JsonNode.Parse("""
                {
                    "id": "e", "spec": "@every 5s", "task_type": "t", "task_payload": "", "task_payload_base64": "",
                    "opts": ["MaxRetry(3)"], "next": "2100-01-01T00:00:00Z", "prev": null,
                    "enqueue_events": [{ "task_id": "x", "enqueued_at": "2023-11-14T22:13:20Z" }]
                }
                """)!);
    }

    [Test]
    public async Task Inspect_PrintsOneTask_WhenItIsNamed()
    {
        var enqueued = await RunAsync("enqueue -type t -queue low -task-id a -process-in 1h -header k=v");

        var result = await RunAsync("inspect -queue low -id a");

        AssertLine(result.Line, enqueued.Line, "next_process_at");
        Assert.That(((string?)result.Line["next_process_at"])!, Does.EndWith("Z"));
    }

    [Test]
    public async Task Inspect_ExitsWith3_WhenTheTaskIsNotThere()
    {
        var result = await RunAsync("inspect -queue low -id a", exitCode: 3);

        Assert.That(Names(result.Line), Is.EqualTo(new[] { "error" }));
    }

    [Test]
    public async Task Inspect_TellsTheErrors_AndGoesOn()
    {
        var result = await RunAsync("inspect -queue nowhere");

        Assert.That((string?)result.Line["errors"]!.AsArray().Single(), Does.Contain("nowhere"));
        Assert.That(result.Line["queues"]!.AsArray(), Is.Empty);
    }

    private static IEnumerable<string> Names(JsonNode json) =>
        json.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal);

    private static JsonObject Lasting(JsonNode inspected) => Copy(inspected)!.AsObject();

    // The day's counters are those of the day of the recording, and pending tasks are due "now".
    private static JsonNode? Copy(JsonNode? node) => node switch
    {
        JsonArray items => new JsonArray([.. items.Select(Copy)]),
        JsonObject fields => new JsonObject(fields
            .Where(field => !OfTheMoment.Contains(field.Key)
                && !(field.Key is "processed" or "failed" && fields.ContainsKey("timestamp"))
                && !(field.Key == "next_process_at" && (string?)fields["state"] == "pending"))
            .Select(field => KeyValuePair.Create(field.Key, Copy(field.Value)))),
        _ => node?.DeepClone(),
    };

    private static IEnumerable<TestCaseData> Recorded() =>
        from scenario in GoldenFiles.All.Where(path => path.StartsWith("v0.24.1/scenarios/", StringComparison.Ordinal))
        from step in GoldenFiles.Read(scenario)["steps"]!.AsArray()
        where (string?)step!["ran"] == "inspect"
        select new TestCaseData(step!.AsObject()).SetArgDisplayNames(Path.GetFileNameWithoutExtension(scenario));
}
