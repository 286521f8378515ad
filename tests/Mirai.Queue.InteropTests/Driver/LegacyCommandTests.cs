using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary><c>-layout legacy</c>, in the commands that look and act.</summary>
internal sealed class LegacyCommandTests : DriverTest
{
    private const string Message =
        """{"Type":"t","Payload":{"n":1},"ID":"11111111-0000-4000-8000-000000000001","Queue":"low","Retry":25,"Retried":2,"ErrorMsg":"boom","Timeout":60,"Deadline":0,"UniqueKey":""}""";

    private const string Id = "11111111-0000-4000-8000-000000000001";

    [Test]
    public async Task Inspect_ShowsTheSetsUnderTheTasksOwnQueues()
    {
        await RunAsync("enqueue -layout legacy -type t -queue critical -payload '{\"a\":1}' -n 2");
        await RunAsync("enqueue -layout legacy -type t -queue low -process-in 1h");
        await Redis.SortedSetAddAsync("asynq:dead", Message, 1_700_000_000);

        var result = await RunAsync("inspect -layout legacy");

        Assert.That(
            result.Line["queues"]!.AsArray().Select(name => (string?)name), Is.EqualTo(new[] { "critical", "low" }));
        Assert.That(Counts(result.Line, "critical"), Is.EqualTo("pending 2"));
        Assert.That(Counts(result.Line, "low"), Is.EqualTo("scheduled 1, archived 1"));
        var dead = result.Line["queue"]!["low"]!["tasks"]!["archived"]![0]!;
        Assert.That(
            ((string?)dead["id"], (string?)dead["payload"], (string?)dead["last_err"], (string?)dead["last_failed_at"]),
            Is.EqualTo((Id, "{\"n\":1}", "boom", "2023-11-14T22:13:20Z")));
        Assert.That(result.Line["queue"]!["low"]!["groups"]!.AsArray(), Is.Empty);
        Assert.That(result.Line["queue"]!["low"]!["cluster_key_slot"], Is.Null);
        Assert.That(result.Line["errors"]!.AsArray(), Is.Empty);
        Assert.That(
            (string?)(await RunAsync($"inspect -layout legacy -queue low -id {Id}")).Line["state"],
            Is.EqualTo("archived"));
        await RunAsync($"inspect -layout legacy -queue critical -id {Id}", exitCode: 3);
    }

    [Test]
    public async Task Action_ActsOnTasksAndQueues()
    {
        await RunAsync("enqueue -layout legacy -type t -queue low");
        await Redis.SortedSetAddAsync("asynq:dead", Message, 1_700_000_000);

        var run = await RunAsync($"action run -layout legacy -queue low -id {Id}");
        var archived = await RunAsync("action archive-all -layout legacy -queue low -state pending");
        var refused = await RunAsync("action run-all -layout legacy -queue low -state completed", exitCode: 3);
        await RunAsync($"action delete -layout legacy -queue low -id {Id}");
        await RunAsync($"action delete -layout legacy -queue low -id {Id}", exitCode: 3);
        await RunAsync("action delete-queue -layout legacy -queue low", exitCode: 3);
        await RunAsync("action delete-queue -layout legacy -queue low -force");

        Assert.That((bool)run.Line["ok"]!, Is.True);
        Assert.That((int)archived.Line["count"]!, Is.EqualTo(2));
        Assert.That((string?)refused.Line["error"], Does.Contain("completed").And.Contain("RedisLayout.Legacy"));
        Assert.That(await Redis.KeyExistsAsync("asynq:queues"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:dead"), Is.False);
    }

    [Test]
    public async Task Schedule_EnqueuesTicks()
    {
        var result = await RunAsync(
            "schedule -layout legacy -spec '@every 1s' -for 3s -type t -queue low -payload '{}'");

        var enqueued = result.Lines.Count(line => (string?)line["event"] == "enqueued");
        Assert.That(enqueued, Is.GreaterThan(0));
        Assert.That(await Redis.ListLengthAsync("asynq:queues:low"), Is.EqualTo(enqueued));
    }

    [Test]
    public async Task Migrate_TellsWhatItWouldMove_ThenMovesIt()
    {
        await RunAsync("enqueue -layout legacy -type t -queue low -payload '{\"n\":2}' -n 3");
        await Redis.SortedSetAddAsync("asynq:dead", Message, 1_700_000_000);

        var dry = await RunAsync("migrate -dry-run");
        Assert.That(await Redis.ListLengthAsync("asynq:queues:low"), Is.EqualTo(3));
        var moved = await RunAsync("migrate");
        var again = await RunAsync("migrate");

        Assert.That(((bool)dry.Line["dry_run"]!, (int)dry.Line["queues"]![0]!["pending"]!), Is.EqualTo((true, 3)));
        Assert.That(
            ((int)moved.Line["queues"]![0]!["pending"]!, (int)moved.Line["queues"]![0]!["archived"]!, (int)moved.Line["left_count"]!),
            Is.EqualTo((3, 1, 0)));
        Assert.That(again.Line["queues"]!.AsArray(), Is.Empty);
        Assert.That(Counts((await RunAsync("inspect")).Line, "low"), Is.EqualTo("pending 3, archived 1"));
    }

    private static string Counts(JsonNode inspected, string queue) => string.Join(", ",
        inspected["queue"]![queue]!["tasks"]!.AsObject()
            .Where(state => state.Value is JsonArray { Count: > 0 })
            .Select(state => $"{state.Key} {state.Value!.AsArray().Count}"));
}
