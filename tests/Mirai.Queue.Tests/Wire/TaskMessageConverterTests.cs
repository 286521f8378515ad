using CsCheck;
using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Wire;

internal sealed class TaskMessageConverterTests
{
    private static readonly byte[] Payload = [1, 2, 3];

    [Test]
    public void ToMessage_UsesDefaults_WhenNothingIsSaid()
    {
        var message = TaskMessageConverter.ToMessage(new QueueTask("mail:send", Payload), new EnqueueOptions());

        Assert.That(Guid.TryParseExact(message.Id, "D", out _), Is.True);
        message.Id = "id";
        Assert.That(message, Is.EqualTo(new TaskMessage
        {
            Type = "mail:send", Payload = ByteString.CopyFrom(Payload), Id = "id", Queue = "default", Retry = 25,
            Timeout = 1800,
        }));
    }

    [Test]
    public void ToMessage_CarriesEveryOption()
    {
        var message = TaskMessageConverter.ToMessage(new QueueTask("mail:send", Payload), new EnqueueOptions
        {
            Queue = "Mail Box", MaxRetry = 3, Timeout = TimeSpan.FromSeconds(90.9),
            Deadline = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000),
            TaskId = "my id", Retention = TimeSpan.FromHours(1), Group = "daily", UniqueFor = TimeSpan.FromMinutes(1),
            Headers = new Dictionary<string, string> { ["trace"] = "abc" },
        });

        Assert.That(message, Is.EqualTo(new TaskMessage
        {
            Type = "mail:send", Payload = ByteString.CopyFrom(Payload), Id = "my id", Queue = "Mail Box", Retry = 3,
            Timeout = 90,
            Deadline = 2_000_000_000, Retention = 3600, GroupKey = "daily", Headers = { ["trace"] = "abc" },
            UniqueKey = "asynq:{Mail Box}:unique:mail:send:5289df737df57326fcdd22597afb1fac",
        }));
    }

    [TestCase(0.5, 1)]
    [TestCase(0.0, 1_800)]
    [TestCase(1.9, 1)]
    public void ToMessage_KeepsATimeout_WhenItIsBelowOneSecond(double seconds, long expected)
    {
        var message = TaskMessageConverter.ToMessage(
            new QueueTask("t"), new EnqueueOptions { Timeout = TimeSpan.FromSeconds(seconds) });

        Assert.That(message.Timeout, Is.EqualTo(expected));
    }

    [Test]
    public void ToMessage_HasNoTimeout_WhenThereIsADeadline() => Assert.That(
        TaskMessageConverter.ToMessage(
            new QueueTask("t"),
            new EnqueueOptions { Deadline = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000) }).Timeout,
        Is.Zero);

    [Test]
    public void ToMessage_HasDefaultTimeout_WhenDeadlineIsTheEpoch() => Assert.That(
        TaskMessageConverter.ToMessage(new QueueTask("t"), new EnqueueOptions { Deadline = DateTimeOffset.UnixEpoch }).Timeout,
        Is.EqualTo(1800));

    [Test]
    public void ToMessage_CountsNegativeRetriesAsNone() => Assert.That(
        TaskMessageConverter.ToMessage(new QueueTask("t"), new EnqueueOptions { MaxRetry = -3 }).Retry, Is.Zero);

    [Test]
    public void ToMessage_TellsNullPayloadFromEmpty_InTheLockOnly()
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        var none = TaskMessageConverter.ToMessage(new QueueTask("t"), unique);
        var empty = TaskMessageConverter.ToMessage(new QueueTask("t", ReadOnlyMemory<byte>.Empty), unique);

        Assert.That(none.Payload, Is.EqualTo(empty.Payload));
        Assert.That(none.UniqueKey, Is.EqualTo("asynq:{default}:unique:t:"));
        Assert.That(empty.UniqueKey, Is.EqualTo("asynq:{default}:unique:t:d41d8cd98f00b204e9800998ecf8427e"));
    }

    [Test]
    public void ToInfo_HasNoPayload_WhenTheMessageHasNone()
    {
        var none = TaskMessageConverter.ToInfo(new TaskMessage(), TaskState.Pending, nextProcessAt: null);
        var some = TaskMessageConverter.ToInfo(
            new TaskMessage { Payload = ByteString.CopyFrom(Payload) }, TaskState.Pending, nextProcessAt: null);

        Assert.That(none.Payload, Is.Null);
        Assert.That(some.Payload!.Value.ToArray(), Is.EqualTo(Payload));
    }

    [Test]
    public void Sanitize_MakesUtf8OfAnything_AndKeepsWhatIsValid() => Gen.String.Sample(text =>
    {
        var clean = TaskMessageConverter.Sanitize(text);
        var message = new TaskMessage { ErrorMsg = clean };
        var isValid = !text.EnumerateRunes().Any(rune => rune.Value == 0xfffd)
            || text.Contains('\ufffd', StringComparison.Ordinal);

        return TaskMessage.Parser.ParseFrom(message.ToByteArray()).ErrorMsg == clean && (!isValid || clean == text);
    });
}
