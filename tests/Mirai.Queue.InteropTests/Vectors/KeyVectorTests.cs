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
            RedisKeys.SchedulerEntries("h", 1, "sid"),
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
        ["cancel_channel"] = RedisKeys.CancelChannel,
        ["queues"] = RedisKeys.Queues,
        ["scheduler_history_entry"] = RedisKeys.SchedulerHistory("entry"),
        ["schedulers"] = RedisKeys.Schedulers,
        ["servers"] = RedisKeys.Servers,
        ["server_info_h_1_sid"] = RedisKeys.Server("h", 1, "sid"),
        ["workers"] = RedisKeys.Workers,
        ["workers_h_1_sid"] = RedisKeys.ServerWorkers("h", 1, "sid"),
    };

    private static Dictionary<string, string> PerQueue(string queue) => new()
    {
        ["queue"] = queue,
        ["aggregation_set_g1_set1"] = RedisKeys.AggregationSet(queue, "g1", "set1"),
        ["aggregation_sets"] = RedisKeys.AggregationSets(queue),
        ["active"] = RedisKeys.Active(queue),
        ["archived"] = RedisKeys.Archived(queue),
        ["completed"] = RedisKeys.Completed(queue),
        ["failed_at_2027-01-15T23:59:59-01:00"] = RedisKeys.Failed(queue, LateEvening),
        ["failed_total"] = RedisKeys.FailedTotal(queue),
        ["group_g1"] = RedisKeys.GroupPrefix(queue) + "g1",
        ["group_prefix"] = RedisKeys.GroupPrefix(queue),
        ["groups"] = RedisKeys.Groups(queue),
        ["lease"] = RedisKeys.Lease(queue),
        ["paused"] = RedisKeys.Paused(queue),
        ["pending"] = RedisKeys.Pending(queue),
        ["processed_at_2027-01-15T23:59:59-01:00"] = RedisKeys.Processed(queue, LateEvening),
        ["processed_total"] = RedisKeys.ProcessedTotal(queue),
        ["retry"] = RedisKeys.Retry(queue),
        ["scheduled"] = RedisKeys.Scheduled(queue),
        ["task_id_abc"] = RedisKeys.Task(queue, "abc"),
        ["task_prefix"] = RedisKeys.TaskPrefix(queue),
    };

    private static IEnumerable<TestCaseData> UniqueVectors() =>
        from vector in GoldenFiles.Read(UniquePath)["vectors"]!.AsArray()
        select new TestCaseData(vector!.AsObject())
            .SetArgDisplayNames((string)vector["queue"]!, (string)vector["type"]!, (string)vector["payload"]!);
}
