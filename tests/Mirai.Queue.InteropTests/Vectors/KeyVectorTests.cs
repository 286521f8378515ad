using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Names of keys.</summary>
internal sealed class KeyVectorTests
{
    private const string UniquePath = "v0.26.0/unique_keys.json";

    private static readonly DateTimeOffset LateEvening = new(2027, 1, 15, 23, 59, 59, TimeSpan.FromHours(-1));

    [Test]
    [GoldenFile("v0.26.0/keys.json")]
    public void RedisKeys_AreGos()
    {
        var keys = GoldenFiles.ReadForTest();

        var global = Expected(keys["global"]!);
        Assert.That(global.Remove("scheduler_entries_id", out var entries), Is.True);
        Assert.That(
            SharedKeys.SchedulerEntries("h", 1, "sid"),
            Is.EqualTo(entries!.Replace("id", "h:1:sid", StringComparison.Ordinal)));
        Assert.That(Global(), Is.EquivalentTo(global));
        foreach (var queue in keys["per_queue"]!.AsArray())
        {
            Assert.That(PerQueue((string)queue!["queue"]!), Is.EquivalentTo(Expected(queue)));
        }
    }

    [TestCaseSource(nameof(UniqueVectors))]
    [GoldenFile(UniquePath)]
    public void UniqueKey_IsGos(JsonObject vector)
    {
        ReadOnlyMemory<byte>? payload = Convert.FromBase64String((string)vector["payload_base64"]!);

        var key = UniqueKey.For(
            (string)vector["queue"]!, (string)vector["type"]!, (bool)vector["payload_is_nil"]! ? default : payload);

        Assert.That(key, Is.EqualTo((string)vector["key"]!));
    }

    private static Dictionary<string, string> Expected(JsonNode keys) => keys.AsObject()
        .ToDictionary(key => key.Key, key => (string)key.Value!);

    private static Dictionary<string, string> Global() => new()
    {
        ["cancel_channel"] = SharedKeys.CancelChannel,
        ["queues"] = SharedKeys.Queues,
        ["scheduler_history_entry"] = SharedKeys.SchedulerHistory("entry"),
        ["schedulers"] = SharedKeys.Schedulers,
        ["servers"] = SharedKeys.Servers,
        ["server_info_h_1_sid"] = SharedKeys.Server("h", 1, "sid"),
        ["workers"] = SharedKeys.Workers,
        ["workers_h_1_sid"] = SharedKeys.ServerWorkers("h", 1, "sid"),
    };

    private static Dictionary<string, string> PerQueue(string queue) => new()
    {
        ["queue"] = queue,
        ["aggregation_set_g1_set1"] = QueueKeys.Of(queue).AggregationSet("g1", "set1"),
        ["aggregation_sets"] = QueueKeys.Of(queue).AggregationSets,
        ["active"] = QueueKeys.Of(queue).Active,
        ["archived"] = QueueKeys.Of(queue).Archived,
        ["completed"] = QueueKeys.Of(queue).Completed,
        ["failed_at_2027-01-15T23:59:59-01:00"] = QueueKeys.Of(queue).Failed(LateEvening),
        ["failed_total"] = QueueKeys.Of(queue).FailedTotal,
        ["group_g1"] = QueueKeys.Of(queue).GroupPrefix + "g1",
        ["group_prefix"] = QueueKeys.Of(queue).GroupPrefix,
        ["groups"] = QueueKeys.Of(queue).Groups,
        ["lease"] = QueueKeys.Of(queue).Lease,
        ["paused"] = QueueKeys.Of(queue).Paused,
        ["pending"] = QueueKeys.Of(queue).Pending,
        ["processed_at_2027-01-15T23:59:59-01:00"] = QueueKeys.Of(queue).Processed(LateEvening),
        ["processed_total"] = QueueKeys.Of(queue).ProcessedTotal,
        ["retry"] = QueueKeys.Of(queue).Retry,
        ["scheduled"] = QueueKeys.Of(queue).Scheduled,
        ["task_id_abc"] = QueueKeys.Of(queue).Task("abc"),
        ["task_prefix"] = QueueKeys.Of(queue).TaskPrefix,
    };

    private static IEnumerable<TestCaseData> UniqueVectors() =>
        from vector in GoldenFiles.Read(UniquePath)["vectors"]!.AsArray()
        select new TestCaseData(vector!.AsObject())
            .SetArgDisplayNames((string)vector["queue"]!, (string)vector["type"]!, (string)vector["payload"]!);
}
