using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;

namespace Mirai.Queue.InteropTests.Driver;

internal sealed class SnapshotCommandTests : DriverTest
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static readonly string[] Scenarios =
    [
        "v0.26.0/scenarios/active.json", "v0.26.0/scenarios/broker_fixed_clock.json",
        "v0.26.0/scenarios/done_retention_result.json", "v0.26.0/scenarios/enqueue_headers.json",
        "v0.26.0/scenarios/enqueue_payload_forms.json", "v0.26.0/scenarios/group_aggregate.json",
        "v0.26.0/scenarios/pause.json", "v0.26.0/scenarios/scheduler.json", "v0.24.1/scenarios/lifecycle.json",
    ];

    [TestCaseSource(nameof(Recorded))]
    public async Task Snapshot_PrintsKeysAsTheyWereRecorded(JsonArray keys)
    {
        await RedisKeyspace.WriteAsync(Redis, Keyspace.Parse(keys), _ => Lifetime);

        var result = await RunAsync("snapshot");

        Assert.That(
            result.Lines.Select(line => (string?)line["key"]), Is.EqualTo(keys.Select(key => (string?)key!["key"])));
        foreach (var (actual, expected) in result.Lines.Zip(keys))
        {
            AssertLine(actual, expected!, "ttl_ms", "expires_at_unix_ms");
            var expires = expected!["ttl_ms"] is not null;
            Assert.That((long?)actual["ttl_ms"], expires ? Is.InRange(1, Lifetime.TotalMilliseconds) : Is.Null);
        }
    }

    [Test]
    public async Task Snapshot_PrintsNothing_WhenThereIsNothing()
    {
        var result = await RunAsync("snapshot");

        Assert.That(result.Lines, Is.Empty);
    }

    [Test]
    public async Task Snapshot_ReadsTheDatabaseThatFlagsName()
    {
        await Redis.Multiplexer.GetDatabase(1).StringSetAsync("x", "1");
        var result = await DriverProcess.RunAsync("snapshot", "-redis", RedisUrl, "-db", "1");
        await Redis.Multiplexer.GetDatabase(1).KeyDeleteAsync("x");

        Assert.That(result.Lines.Select(line => (string?)line["key"]), Is.EqualTo(new[] { "x" }));
    }

    // Of each, the step that left most keys.
    private static IEnumerable<TestCaseData> Recorded() =>
        from scenario in Scenarios
        let keys = GoldenFiles.Read(scenario)["steps"]!.AsArray()
            .Select(step => step!["keys"]!.AsArray()).MaxBy(keys => keys.Count)!
        select new TestCaseData(keys).SetArgDisplayNames(scenario);
}
