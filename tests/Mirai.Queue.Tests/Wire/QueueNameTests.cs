using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Wire;

internal sealed class QueueNameTests
{
    [TestCase("mail")]
    [TestCase("tenant:1 of 2")]
    [TestCase("{x")]
    [TestCase("a}b", Description = "the hash tag is 'a' for every key")]
    [TestCase("größe?[1]")]
    public void Fault_IsNothing_WhenServersAndScriptsCanReachTheQueue(string name)
    {
        Assert.That(QueueName.Fault(name), Is.Null);
        Assert.That(QueueName.EntryFault(name), Is.Null);
    }

    [TestCase("", "Queue '' must contain more than white space.")]
    [TestCase(" ", "Queue ' ' must contain more than white space.")]
    [TestCase("}x", "Queue '}x' begins with '}', so that no script can reach its keys on a Redis Cluster.")]
    [TestCase("}", "Queue '}' begins with '}'")]
    [TestCase("a*b", "Queue 'a*b' has a star")]
    [TestCase("mail*", "Queue 'mail*' has a star")]
    [TestCase("*", "Queue '*' has a star")]
    [TestCase("a\nb", "Queue 'a\ufffdb' has a control character.")]
    [TestCase("a\u007f", "Queue 'a\ufffd' has a control character.")]
    public void ToMessage_NamesFieldValueAndReason_WhenNoServerOrScriptCanReachTheQueue(string name, string text) =>
        Assert.That(
            () => TaskMessageConverter.ToMessage(new QueueTask("t"), new EnqueueOptions { Queue = name }),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("Queue")
                .And.Message.StartsWith(text)
                .And.Message.Contains("1 to 256 characters, none of them a star or a control character"));

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void Fault_NamesTheLength_WhenTheNameIsTooLong(int length, bool isAccepted) => Assert.That(
        QueueName.Fault(new string('a', length)), Is.EqualTo(isAccepted ? null : "has 257 characters"));

    [TestCase("*", null)]
    [TestCase("tenant:*", null)]
    [TestCase("", null)]
    [TestCase("**", "has a star that is not at its end")]
    [TestCase("a*b", "has a star that is not at its end")]
    [TestCase("}*", "begins with '}', so that no script can reach its keys on a Redis Cluster")]
    public void EntryFault_AcceptsPatterns_WithOneStarAtTheEnd(string entry, string? fault) =>
        Assert.That(QueueName.EntryFault(entry), Is.EqualTo(fault));
}
