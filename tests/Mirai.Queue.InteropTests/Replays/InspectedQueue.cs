using System.Globalization;
using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Compares what Mirai's inspector sees with what Go's saw of the same keys.</summary>
internal static class InspectedQueue
{
    public static async Task AssertEqualAsync(IQueueInspector inspector, string queue, JsonObject inspected)
    {
        var info = (await inspector.FindQueueAsync(queue))!;
        var expected = inspected["info"]!.AsObject();
        using (Assert.EnterMultipleScope())
        {
            foreach (var (name, actual) in Numbers(info))
            {
                Assert.That(actual, Is.EqualTo((long)expected[name]!), name);
            }

            Assert.That(info.IsPaused, Is.EqualTo((bool)expected["paused"]!));
            Assert.That(info.Latency.TotalMilliseconds, Is.EqualTo((double)expected["latency_ms"]!).Within(1));
            foreach (var task in Tasks(inspected["tasks"]!.AsObject()))
            {
                AssertEqual((await inspector.FindTaskAsync(queue, (string)task["id"]!))!, task);
            }
        }
    }

    private static (string Name, long Actual)[] Numbers(QueueInfo info) =>
    [
        ("size", info.Size), ("groups", info.Groups), ("pending", info.Pending), ("active", info.Active),
        ("scheduled", info.Scheduled), ("retry", info.Retry), ("archived", info.Archived),
        ("completed", info.Completed), ("aggregating", info.Aggregating), ("processed", info.Processed),
        ("failed", info.Failed),
        ("processed_total", info.ProcessedTotal), ("failed_total", info.FailedTotal),
    ];

    private static IEnumerable<JsonObject> Tasks(JsonObject byState) => byState
        .SelectMany(state => state.Value is JsonObject groups ? groups.Select(group => group.Value) : [state.Value])
        .SelectMany(tasks => tasks!.AsArray())
        .Select(task => task!.AsObject());

    private static void AssertEqual(TaskInfo task, JsonObject expected)
    {
        Assert.That(task.State.ToString(), Is.EqualTo((string)expected["state"]!).IgnoreCase);
        Assert.That(task.Type, Is.EqualTo((string)expected["type"]!));
        Assert.That(Base64(task.Payload), Is.EqualTo((string)expected["payload_base64"]!));
        Assert.That(task.MaxRetry, Is.EqualTo((int)expected["max_retry"]!));
        Assert.That(task.Retried, Is.EqualTo((int)expected["retried"]!));
        Assert.That(task.LastError ?? "", Is.EqualTo((string)expected["last_err"]!));
        Assert.That(task.LastFailedAt, Is.EqualTo(Time(expected["last_failed_at"])));
        Assert.That(task.Timeout.GetValueOrDefault().TotalSeconds, Is.EqualTo((long)expected["timeout_seconds"]!));
        Assert.That(task.Deadline, Is.EqualTo(Time(expected["deadline"])));
        Assert.That(task.Group ?? "", Is.EqualTo((string)expected["group"]!));
        Assert.That(task.Retention.TotalSeconds, Is.EqualTo((long)expected["retention_seconds"]!));
        Assert.That(task.CompletedAt, Is.EqualTo(Time(expected["completed_at"])));
        Assert.That(Base64(task.Result), Is.EqualTo((string)expected["result_base64"]!));
        if (task.State != TaskState.Pending) // for which it is the moment of asking
        {
            // Mirai rounds the due times that it writes up.
            var due = Time(expected["next_process_at"]);
            Assert.That(task.NextProcessAt, Is.EqualTo(due).Or.EqualTo(due?.AddSeconds(1)));
        }
    }

    private static string Base64(ReadOnlyMemory<byte>? bytes) =>
        Convert.ToBase64String(bytes.GetValueOrDefault().Span);

    private static DateTimeOffset? Time(JsonNode? time) =>
        time is null ? null : DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);
}
