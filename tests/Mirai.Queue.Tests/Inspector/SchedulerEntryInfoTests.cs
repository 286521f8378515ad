namespace Mirai.Queue.Tests.Inspector;

internal sealed class SchedulerEntryInfoTests
{
    private static readonly byte[] Payload = [1, 2];

    [Test]
    public void ToTask_IsTheTaskOfTheEntry()
    {
        var task = Entry("Queue(\"low\")", "MaxRetry(3)").ToTask();

        Assert.That(task.Type, Is.EqualTo("mail:digest"));
        Assert.That(task.Options, Is.EqualTo(new EnqueueOptions { Queue = "low", MaxRetry = 3 }));
        Assert.That(task.Payload!.Value.ToArray(), Is.EqualTo(Payload));
    }

    [Test]
    public void ToTask_NamesTheOption_WhenOneCannotBeRead() => Assert.That(
        () => Entry("MaxRetry(3)", "Header([\"k\",\"v\"])").ToTask(),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains("Header([\"k\",\"v\"])"));

    [Test]
    public void ToTask_SaysSo_WhenThereIsNoType() => Assert.That(
        () => (Entry() with { Type = " " }).ToTask(),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains("no type"));

    [TestCase("default")]
    [TestCase("low", "MaxRetry(3)", "Queue(\"low\")", "Sometimes(1s)")]
    [TestCase(null, "Queue(low)")]
    public void Queue_IsWhereTheTaskGoes(string? expected, params string[] options) =>
        Assert.That(Entry(options).Queue, Is.EqualTo(expected));

    private static SchedulerEntryInfo Entry(params string[] options) => new()
    {
        Id = "e1",
        Spec = "@hourly",
        Type = "mail:digest",
        Payload = Payload,
        Options = options,
        Next = null,
        Previous = null,
    };
}
