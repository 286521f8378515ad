using System.Globalization;
using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.InteropTests.Recordings;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Enqueues a recorded task, and compares what the call returns.</summary>
internal static class ReplayedEnqueue
{
    public static async Task RunAsync(IQueueClient client, RecordedStep step, TimeProvider time, RunNames names)
    {
        var enqueue = step.Enqueued!;
        if (step.Error is { } error)
        {
            var thrown = await Assert.CatchAsync(() => SendAsync(client, enqueue));
            Assert.That(thrown, Is.InstanceOf(ExceptionFor(error)), error);
            return;
        }

        var task = await SendAsync(client, enqueue);
        AssertEqual(task, enqueue, time);
        if (enqueue.Options.TaskId is null)
        {
            names.Equate(task.Id, (string)enqueue.Info!["id"]!);
        }
    }

    private static Task<TaskInfo> SendAsync(IQueueClient client, RecordedEnqueue enqueue) =>
        client.EnqueueAsync(new QueueTask(Text(enqueue.Type), enqueue.Payload), enqueue.ExactOptions);

    // What is not UTF-8 in Go is a lone surrogate in .NET; the recording has the replacement character for it.
    private static string Text(string recorded) => recorded.Replace('\ufffd', '\ud800');

    // The texts are Mirai's own; that Go refuses is what counts.
    private static Type ExceptionFor(string error) => error switch
    {
        "task already exists" => typeof(DuplicateTaskException),
        "task ID conflicts with another task" => typeof(TaskIdConflictException),
        _ => typeof(ArgumentException),
    };

    private static void AssertEqual(TaskInfo task, RecordedEnqueue enqueue, TimeProvider time)
    {
        var info = enqueue.Info!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(task.Id, enqueue.Options.TaskId is { } id ? Is.EqualTo(id) : Is.Not.Empty);
            Assert.That(task.Queue, Is.EqualTo((string)info["queue"]!));
            Assert.That(task.Type, Is.EqualTo(enqueue.Type));
            Assert.That(task.State.ToString(), Is.EqualTo((string)info["state"]!).IgnoreCase);
            Assert.That(task.MaxRetry, Is.EqualTo((int)info["max_retry"]!));
            Assert.That(task.Timeout.GetValueOrDefault().TotalSeconds, Is.EqualTo((long)info["timeout_seconds"]!));
            Assert.That(task.Retention.TotalSeconds, Is.EqualTo((long)info["retention_seconds"]!));
            Assert.That(task.Deadline, Is.EqualTo(Deadline(info)));
            Assert.That(task.Group ?? "", Is.EqualTo((string)info["group"]!));
            Assert.That(task.NextProcessAt, Is.EqualTo(NextProcessAt(task, enqueue, time)));
        }
    }

    private static DateTimeOffset? Deadline(JsonObject info) => info["deadline_zero"] is { } zero
        ? (bool)zero ? null : DateTimeOffset.FromUnixTimeSeconds((long)info["deadline_unix"]!)
        : (string?)info["deadline"] is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    // Go reads its clock once for the call and again for the key: for a pending task, "now" is a little earlier there.
    // Go answers with the fraction of a due time that it cuts off in Redis; Mirai answers with what is stored.
    private static DateTimeOffset? NextProcessAt(TaskInfo task, RecordedEnqueue enqueue, TimeProvider time) =>
        task.State switch
        {
            TaskState.Pending => time.GetUtcNow(),
            TaskState.Scheduled when enqueue.Options.ProcessIn is { } delay => Due(time.GetUtcNow() + delay),
            TaskState.Scheduled => Due(enqueue.NextProcessAt!.Value),
            _ => enqueue.NextProcessAt,
        };

    private static DateTimeOffset Due(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(WireTime.ToDueSeconds(time));
}
