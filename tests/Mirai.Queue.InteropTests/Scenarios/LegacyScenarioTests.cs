using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mirai.Queue.InteropTests.Driver;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>What Go's driver did to the keys of the legacy layout, Mirai's does too: each recorded command runs on the
/// keys that it found, and must leave those that it left. Messages are compared byte for byte.</summary>
internal sealed partial class LegacyScenarioTests : DriverTest
{
    // Recorded moments are in the past; scores are those of seconds, and programs take some to start.
    private const double Tolerance = 5;

    // Mirai's own, which nobody else looks at.
    private const string Own = "asynq:enqueued";

    [Test]
    [GoldenFile("v0.11.0/scenarios/enqueue.json")]
    public Task Enqueue_LeavesGosKeys() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/unique.json")]
    public Task EnqueueUnique_LeavesGosKeys_AndTheWorkerReleasesTheLocks() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/schedule.json")]
    public Task Forward_LeavesGosKeys_ForQueuesOfOthersToo() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/panic.json")]
    public Task Retry_LeavesGosKeys_AfterAPanic() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/timeout.json")]
    public Task Retry_LeavesGosKeys_AfterTheDeadline() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/requeue.json")]
    public Task Requeue_LeavesGosKeys_AfterAShutdown() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/pause.json")]
    public Task Pause_LeavesGosKeys_AndTheWorkerTakesNothing() => ReplayAsync();

    [Test]
    [GoldenFile("v0.11.0/scenarios/cancel.json")]
    public async Task Cancel_LeavesGosKeys()
    {
        var steps = GoldenFiles.ReadForTest()["steps"]!.AsArray();
        await SeedAsync(steps[0]!);
        await using var worker = Start(
            "work -layout legacy -sleep 30s -retry-delay 1h -exit-after 1 -queues default=1");
        var id = IdOf((string)steps[0]!["keys"]![1]!["value"]![0]!["text"]!);

        await CancelAsync(worker, id);

        Assert.That((await worker.WaitAsync()).ExitCode, Is.Zero);
        await AssertKeysAsync(steps[^1]!, names: []);
    }

    private static async Task ReplayAsync()
    {
        var steps = GoldenFiles.ReadForTest()["steps"]!.AsArray();
        JsonNode? before = null;
        foreach (var step in steps)
        {
            if ((string?)step!["ran"] is { } line && !line.StartsWith("inspect", StringComparison.Ordinal))
            {
                await SeedAsync(before);

                // The recorded line has its backslashes twice.
                var command = line.Replace(@"\\", @"\", StringComparison.Ordinal);
                var result = await RunAsync($"{command} -layout legacy", (int)step["exit"]!);
                var names = result.Lines.Zip(step["output"]!.AsArray())
                    .Where(pair => pair.Second!["id"] is not null)
                    .Select(pair => ((string)pair.First["id"]!, (string)pair.Second!["id"]!));
                await AssertKeysAsync(step, [.. names]);
            }

            before = step;
        }
    }

    private static async Task SeedAsync(JsonNode? step)
    {
        var found = step is null ? [] : Keyspace.Parse(step["keys"]!.AsArray()).Keys;
        var moved = found.Select(key => key with
        {
            Values = [.. key.Values.Select(value => value with { Score = value.Score + Age(step!) })],
        });
        await RedisKeyspace.WriteAsync(Redis, new Keyspace(moved), _ => TimeSpan.FromHours(1));
    }

    private static async Task AssertKeysAsync(JsonNode step, IReadOnlyList<(string Drawn, string Recorded)> names)
    {
        var expected = Keyspace.Parse(step["keys"]!.AsArray()).Keys.Where(IsCompared).ToList();
        var actual = (await RedisKeyspace.ReadAsync(Redis)).Keys.Where(key => key.Name != Own).ToList();
        var did = (string)step["did"]!;
        Assert.That(actual.Select(key => Name(key.Name)), Is.EqualTo(expected.Select(key => Name(key.Name))), did);
        foreach (var (own, gos) in actual.Zip(expected))
        {
            var (values, wantedValues) = (Ordered(own), Ordered(gos));
            Assert.That(
                values.Select(value => Text(value, names)), Is.EqualTo(wantedValues.Select(value => Text(value, []))),
                did);
            foreach (var (value, wanted) in values.Zip(wantedValues))
            {
                Assert.That(value.Score, Is.EqualTo(wanted.Score + Age(step)).Within(Tolerance), did);
            }

        }
    }

    // A set has no order.
    private static IEnumerable<StoredValue> Ordered(StoredKey key) => key.Type == StoredType.Set
        ? key.Values.OrderBy(value => Encoding.UTF8.GetString(value.Bytes), StringComparer.Ordinal)
        : key.Values;

    // Go's driver was still running then.
    private static bool IsCompared(StoredKey key) =>
        !key.Name.StartsWith("asynq:servers", StringComparison.Ordinal)
        && !key.Name.StartsWith("asynq:workers", StringComparison.Ordinal);

    private static double Age(JsonNode step) => Math.Floor(
        (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (double)step["snapshot_unix_ms"]!) / 1_000);

    private static string Text(StoredValue value, IReadOnlyList<(string Drawn, string Recorded)> names) =>
        names.Aggregate(
        Encoding.UTF8.GetString(value.Bytes),
        (text, name) => text.Replace(name.Drawn, name.Recorded, StringComparison.Ordinal))
        .Replace("panic: simulated panic", "simulated failure", StringComparison.Ordinal); // each driver's own text

    private static string Name(string key) => Day().Replace(key, "{day}");

    private static string IdOf(string message) => (string)JsonNode.Parse(message)!["ID"]!;

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    private static partial Regex Day();
}
