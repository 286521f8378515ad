using System.Globalization;
using System.Text;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>Finds out when the operation of a step ran. What it wrote tells that more exactly than the moment at which
/// the recorder began: with the clock set to it, times can be compared exactly.</summary>
internal static class RecordedInstant
{
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CounterLifetime = TimeSpan.FromDays(90);

    public static DateTimeOffset Of(RecordedStep step, DateTimeOffset began, DayShift shift) =>
        PendingSince(step) ?? Server(step) ?? Scheduling(step, shift) ?? End(step, began) ?? began;

    /// <summary>When the step's last heartbeat was.</summary>
    public static DateTimeOffset? Heartbeat(RecordedStep step) => Latest(NewHeartbeats(step)
        .Select(key => DateTimeOffset.FromUnixTimeMilliseconds(key.ExpiresAt!.Value) - ServerLifetime));

    // A task became pending.
    private static DateTimeOffset? PendingSince(RecordedStep step)
    {
        var before = PendingTimes(step.Before).ToHashSet();
        return Latest(PendingTimes(step.Keys).Where(time => !before.Contains(time)));
    }

    private static IEnumerable<DateTimeOffset> PendingTimes(Keyspace keys) =>
        from key in keys.Keys
        from value in key.Values
        where value.Field == "pending_since"
        select WireTime.FromUnixNanoseconds(
            long.Parse(Encoding.ASCII.GetString(value.Bytes), CultureInfo.InvariantCulture));

    // A server started, or showed itself again.
    private static DateTimeOffset? Server(RecordedStep step) =>
        NewHeartbeats(step).Any(key => step.Before.Find(key.Name) is null)
            ? ServerInfo.Parser.ParseFrom(NewHeartbeats(step).Single().Values[0].Bytes).StartTime.ToDateTimeOffset()
            : Heartbeat(step);

    private static IEnumerable<StoredKey> NewHeartbeats(RecordedStep step) => step.Keys.Keys.Where(key =>
        key.Name.StartsWith("asynq:servers:", StringComparison.Ordinal)
        && key.ExpiresAt != step.Before.Find(key.Name)?.ExpiresAt);

    // A task was scheduled: the call says for when, and it was asked for so long from now.
    private static DateTimeOffset? Scheduling(RecordedStep step, DayShift shift) =>
        step.Enqueued is { Options.ProcessIn: { } delay, NextProcessAt: { } due } && delay > TimeSpan.Zero
            ? shift.Apply(due) - delay
            : null;

    // Something ended: known to the second only.
    private static DateTimeOffset? End(RecordedStep step, DateTimeOffset began)
    {
        var before = EndTimes(step.Before).ToHashSet();
        var second = EndTimes(step.Keys).Where(time => !before.Contains(time)).DefaultIfEmpty().Max();

        return second > began.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(second) : null;
    }

    private static IEnumerable<long> EndTimes(Keyspace keys) =>
        from key in keys.Keys
        from time in key.Name.Contains(":processed:", StringComparison.Ordinal)
            ? [(DateTimeOffset.FromUnixTimeMilliseconds(key.ExpiresAt!.Value) - CounterLifetime).ToUnixTimeSeconds()]
            : key.Values.Where(value => value.Field == "msg").Select(EndTime)
        select time;

    private static long EndTime(StoredValue message)
    {
        var task = TaskMessage.Parser.ParseFrom(message.Bytes);
        return Math.Max(task.LastFailedAt, task.CompletedAt);
    }

    private static DateTimeOffset? Latest(IEnumerable<DateTimeOffset> times) =>
        times.Select(time => (DateTimeOffset?)time).Max();
}
