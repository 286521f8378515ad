using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>A shift that moves too little would let the comparison fail; one that moves too much would let it
/// pass.</summary>
internal sealed class DayShiftTests
{
    private static readonly DateTimeOffset Recorded = new(2026, 11, 22, 20, 47, 33, TimeSpan.Zero);

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(60, ExpectedResult = 0)]
    [TestCase(61, ExpectedResult = 61)]
    [TestCase(5_000, ExpectedResult = 5_000)]
    public int For_MovesOldRecordingsToToday(int age) =>
        (int)(DayShift.For(Recorded, Recorded.AddDays(age)).Apply(Recorded) - Recorded).TotalDays;

    [Test]
    public void Apply_MovesTheRecordersClock_AndLeavesInputs()
    {
        var message = new TaskMessage { LastFailedAt = Seconds(Recorded), Deadline = 1_893_456_000, Timeout = 1_800 };
        var key = Key(
            "asynq:{q}:t:x",
            StoredType.Hash,
            new StoredValue(message.ToByteArray(), "msg"),
            new StoredValue("1795380453214395842"u8.ToArray(), "pending_since"));

        var moved = Apply(key);

        var task = TaskMessage.Parser.ParseFrom(moved.Values[0].Bytes);
        Assert.That(task.LastFailedAt, Is.EqualTo(Seconds(Recorded.AddDays(10))));
        Assert.That(task.Deadline, Is.EqualTo(1_893_456_000));
        Assert.That(task.Timeout, Is.EqualTo(1_800));
        Assert.That(Encoding.ASCII.GetString(moved.Values[1].Bytes), Is.EqualTo("1796244453214395842"));
    }

    [Test]
    public void Apply_MovesTicks_AndLeavesNever()
    {
        var entry = new SchedulerEntry
        {
            NextEnqueueTime = new Timestamp { Seconds = Seconds(Recorded), Nanos = 5 },
            PrevEnqueueTime = Timestamp.FromDateTimeOffset(DateTimeOffset.MinValue),
        };
        var enqueued = new SchedulerEnqueueEvent { EnqueueTime = new Timestamp { Seconds = Seconds(Recorded) } };

        var list = Apply(Key("asynq:schedulers:{h:1:s}", StoredType.List, new StoredValue(entry.ToByteArray())));
        var history = Apply(Key(
            "asynq:scheduler_history:e",
            StoredType.ZSet,
            new StoredValue(enqueued.ToByteArray(), Score: Seconds(Recorded))));

        var moved = SchedulerEntry.Parser.ParseFrom(list.Values[0].Bytes);
        Assert.That(moved.NextEnqueueTime.Seconds, Is.EqualTo(Seconds(Recorded.AddDays(10))));
        Assert.That(moved.PrevEnqueueTime, Is.EqualTo(entry.PrevEnqueueTime));
        Assert.That(
            SchedulerEnqueueEvent.Parser.ParseFrom(history.Values[0].Bytes).EnqueueTime.Seconds,
            Is.EqualTo(Seconds(Recorded.AddDays(10))));
    }

    [Test]
    public void Apply_MovesScoresAndTheDaysOfCounters()
    {
        var retry = Apply(Key("asynq:{q}:retry", StoredType.ZSet, new StoredValue([1], Score: Seconds(Recorded))));
        var counter = Apply(Key("asynq:{q}:failed:2026-11-22", StoredType.String, new StoredValue([1])));

        Assert.That(retry.Values[0].Score, Is.EqualTo((double)Seconds(Recorded.AddDays(10))));
        Assert.That(counter.Name, Is.EqualTo("asynq:{q}:failed:2026-12-02"));
        Assert.That(counter.ExpiresAt, Is.EqualTo(Recorded.AddDays(10).ToUnixTimeMilliseconds()));
    }

    private static StoredKey Apply(StoredKey key) =>
        new DayShift(Recorded, days: 10).Apply(new Keyspace([key])).Keys[0];

    private static StoredKey Key(string name, StoredType type, params IReadOnlyList<StoredValue> values) =>
        new(name, type, values, Recorded.ToUnixTimeMilliseconds());

    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();
}
