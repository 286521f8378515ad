using CsCheck;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Wire;

internal sealed class EnqueueOptionReaderTests
{
    private static readonly EnqueueOptions None = new();

    [Test]
    public void Read_KeepsWhatTheTextsBeforeSay()
    {
        var options = Read("Queue(\"a)b\")", "MaxRetry(3)", "Timeout(1m30s)");

        Assert.That(options, Is.EqualTo(new EnqueueOptions
        {
            Queue = "a)b", MaxRetry = 3, Timeout = TimeSpan.FromSeconds(90),
        }));
    }

    [TestCase(new[] { "MaxRetry(3)", "MaxRetry(4)" }, "MaxRetry(4)")]
    [TestCase(new[] { "ProcessAt(Mon Nov 15 08:09:10 UTC 2027)", "ProcessIn(1m0s)" }, "ProcessIn(1m0s)")]
    [TestCase(
        new[] { "ProcessIn(1m0s)", "ProcessAt(Mon Nov 15 08:09:10 UTC 2027)" },
        "ProcessAt(Mon Nov 15 08:09:10 UTC 2027)")]
    public void Read_LetsTheLastTextWin(string[] texts, string expected) =>
        Assert.That(EnqueueOptionText.Of(Read(texts)!), Is.EqualTo(new[] { expected }));

    [Test]
    public void Read_SetsNoDeadline_WhenItIsTheZeroTime() =>
        Assert.That(Read("Deadline(Mon Jan  1 00:00:00 UTC 0001)"), Is.EqualTo(None));

    [TestCase("")]
    [TestCase("Queue")]
    [TestCase("Queue(\"mail\"")]
    [TestCase("Queue(mail)")]
    [TestCase("queue(\"mail\")")]
    [TestCase("MaxRetry()")]
    [TestCase("MaxRetry(3.5)")]
    [TestCase("MaxRetry(99999999999)")]
    [TestCase("Timeout(30)")]
    [TestCase("Deadline(2027-01-05T08:00:00Z)")]
    [TestCase("Deadline(Wed Jan  5 08:00:00 UTC 2027)", Description = "that day is a Tuesday")]
    [TestCase("Deadline(Tue Jan  5 08:00:00 CET 2027)", Description = "nobody can say which zone that means")]
    [TestCase("Header([\"k\",\"v\"])")]
    [TestCase("Sometimes(1s)")]
    public void Read_IsNull_WhenTextIsNoOption(string text) =>
        Assert.That(Read(text), Is.Null);

    [Test]
    public void Read_ReadsBack_WhatIsWritten()
    {
        var durations = Gen.Long[0, TimeSpan.TicksPerDay * 400].Select(TimeSpan.FromTicks);
        var times = Gen.Long[1, 4_000_000_000].Select(DateTimeOffset.FromUnixTimeSeconds);
        var names = Gen.String[Gen.OneOf(Gen.Char['\0', '\u2fff'], Gen.Char["\"\\()"])];
        var retries = Gen.Int[0, int.MaxValue];

        Gen.Select(names, retries, durations, times, Options)
            .Sample(written => Read([.. EnqueueOptionText.Of(written)]) == written);
    }

    private static EnqueueOptions Options(string name, int retries, TimeSpan duration, DateTimeOffset time) => new()
    {
        Queue = name,
        MaxRetry = retries,
        Timeout = duration,
        Deadline = time,
        Retention = duration,
        UniqueFor = duration,
        ProcessAt = time,
        TaskId = name,
        Group = name,
    };

    private static EnqueueOptions? Read(params string[] texts) =>
        EnqueueOptionReader.Read(texts, out _);
}
