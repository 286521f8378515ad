using Google.Protobuf;
using Mirai.Queue.Inspector;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class SchedulerEntryInfoTests
{
    private static readonly byte[] Payload = [1, 2];

    [Test]
    public void Task_IsTheTaskOfTheEntry()
    {
        var entry = Entry("mail:digest", "Queue(\"low\")", "MaxRetry(3)");

        Assert.That(entry.Task!.Type, Is.EqualTo("mail:digest"));
        Assert.That(entry.Task.Options, Is.EqualTo(new EnqueueOptions { Queue = "low", MaxRetry = 3 }));
        Assert.That(entry.Task.Payload!.Value.ToArray(), Is.EqualTo(Payload));
        Assert.That(entry.TaskProblem, Is.Null);
    }

    [TestCase("mail:digest", "Header([\"k\",\"v\"])", "MaxRetry(3)", "Header([\"k\",\"v\"])")]
    [TestCase(" ", "no type", "MaxRetry(3)")]
    public void Task_IsNull_AndTheProblemNamesTheReason(string type, string reason, params string[] options)
    {
        var entry = Entry(type, options);

        Assert.That(entry.Task, Is.Null);
        Assert.That(entry.TaskProblem, Does.Contain(reason));
    }

    [TestCase("default")]
    [TestCase("low", "MaxRetry(3)", "Queue(\"low\")", "Sometimes(1s)")]
    [TestCase(null, "Queue(low)")]
    public void Queue_IsWhereTheTaskGoes(string? expected, params string[] options) =>
        Assert.That(Entry("mail:digest", options).Queue, Is.EqualTo(expected));

    private static SchedulerEntryInfo Entry(string type, params string[] options) => QueueInspector.ToEntry(
        new SchedulerEntry
        {
            Id = "e1",
            Spec = "@hourly",
            TaskType = type,
            TaskPayload = ByteString.CopyFrom(Payload),
            EnqueueOptions = { options },
        });
}
