using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>Moves a recording by whole days. The statistics of a day expire 90 days after it by Redis' own clock,
/// which no test can set: an old recording must become a young one, or its keys vanish as they are written.</summary>
/// <param name="recorded">When it was recorded.</param>
/// <param name="days">How far it moves.</param>
internal sealed class DayShift(DateTimeOffset recorded, int days)
{
    private const int OldestDays = 60;

    // What lies so near is the recorder's clock; what lies farther off was an input of the test that was recorded.
    private static readonly TimeSpan Near = TimeSpan.FromDays(100);

    /// <summary>No move while the recording is young, else to today.</summary>
    public static DayShift For(DateTimeOffset recorded, DateTimeOffset today)
    {
        var age = (int)(today - recorded).TotalDays;
        return new DayShift(recorded, age > OldestDays ? age : 0);
    }

    public DateTimeOffset Apply(DateTimeOffset time) =>
        time - recorded < Near && recorded - time < Near ? time.AddDays(days) : time;

    public Keyspace Apply(Keyspace keyspace) => days == 0 ? keyspace : new Keyspace(keyspace.Keys.Select(Apply));

    private StoredKey Apply(StoredKey key) => new(
        ApplyToName(key.Name),
        key.Type,
        [.. key.Values.Select(value => Apply(key, value))],
        key.ExpiresAt + (days * (long)TimeSpan.FromDays(1).TotalMilliseconds));

    // The counters of a day are named by it.
    private string ApplyToName(string name)
    {
        const string Format = "yyyy-MM-dd";
        var last = name.LastIndexOf(':') + 1;
        return DateOnly.TryParseExact(name[last..], Format, out var day)
            ? name[..last] + day.AddDays(days).ToString(Format, CultureInfo.InvariantCulture)
            : name;
    }

    private StoredValue Apply(StoredKey key, StoredValue value) => value with
    {
        Score = value.Score is { } score ? ApplySeconds((long)score) : null,
        Bytes = Messages.KindOf(key.Name, value.Field) is { } kind ? Apply(kind.ParseFrom(value.Bytes)).ToByteArray()
            : value.Field == "pending_since" ? ApplyText(value.Bytes, 1_000_000_000)
            : key.Name.EndsWith(":paused", StringComparison.Ordinal) ? ApplyText(value.Bytes, 1)
            : value.Bytes,
    };

    private IMessage Apply(IMessage message)
    {
        switch (message)
        {
            case TaskMessage task:
                task.Deadline = ApplySeconds(task.Deadline);
                task.LastFailedAt = ApplySeconds(task.LastFailedAt);
                task.CompletedAt = ApplySeconds(task.CompletedAt);
                break;
            case ServerInfo server:
                Apply(server.StartTime);
                break;
            case WorkerInfo worker:
                Apply(worker.StartTime);
                Apply(worker.Deadline);
                break;
            case SchedulerEntry entry:
                Apply(entry.NextEnqueueTime);
                Apply(entry.PrevEnqueueTime);
                break;
            case SchedulerEnqueueEvent enqueued:
                Apply(enqueued.EnqueueTime);
                break;
        }

        return message;
    }

    private void Apply(Timestamp time) => time.Seconds = ApplySeconds(time.Seconds);

    private byte[] ApplyText(byte[] text, long unitsPerSecond)
    {
        var number = long.Parse(text, CultureInfo.InvariantCulture);
        var moved = (ApplySeconds(number / unitsPerSecond) * unitsPerSecond) + (number % unitsPerSecond);

        return Encoding.ASCII.GetBytes(moved.ToString(CultureInfo.InvariantCulture));
    }

    private long ApplySeconds(long seconds) => seconds == 0
        ? 0
        : Apply(DateTimeOffset.FromUnixTimeSeconds(seconds)).ToUnixTimeSeconds();
}
