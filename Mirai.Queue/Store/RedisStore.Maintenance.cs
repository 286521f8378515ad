using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    /// <summary>Most tasks one forward moves: some half a millisecond of Redis' time.</summary>
    public const int ForwardBatch = 100;

    /// <summary>How many archived tasks a queue keeps (docs/wire.md, "Archive").</summary>
    public const int MostArchived = 9_999;

    private const int ArchiveDays = 90;

    public async Task<ForwardResult> ForwardAsync(string queue)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        var now = time.GetUtcNow();
        using var reply = await LuaScripts.Forward.RunAsync(
            database,
            keys: (RedisKey[])
                [queueKeys.Pending, queueKeys.Scheduled, queueKeys.Retry, queueKeys.Groups],
            arguments: (RedisValue[])
            [
                WireTime.ToSeconds(now), WireTime.ToUnixNanoseconds(now), queueKeys.TaskPrefix,
                queueKeys.GroupPrefix, queueKeys.WakeChannel, ForwardBatch,
            ]).ConfigureAwait(false);

        return ReadForwarded(reply);
    }

    public Task<int> DeleteExpiredCompletedAsync(string queue, int count) => CountAsync(
        LuaScripts.DeleteExpiredCompleted,
        keys: (RedisKey[])[QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Completed],
        arguments: (RedisValue[])[WireTime.ToSeconds(time.GetUtcNow()), QueueKeys.Of(queue).TaskPrefix, count]);

    public Task<int> TrimArchiveAsync(string queue, int count) => CountAsync(
        LuaScripts.TrimArchive,
        keys: (RedisKey[])[QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Archived],
        arguments: (RedisValue[])[OldestArchived(time), MostArchived, QueueKeys.Of(queue).TaskPrefix, count]);

    // Calendar days of the local time zone, as Asynq counts them: an hour off when the clocks change in between.
    internal static long OldestArchived(TimeProvider time)
    {
        var zone = time.LocalTimeZone;
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime.AddDays(-ArchiveDays);
        var offset = zone.GetUtcOffset(local);

        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }

    internal static ForwardResult ReadForwarded(RespResult reply)
    {
        var reader = reply.Read();
        var hasNext = reader.AggregateLength() > 1;
        reader.MoveNext();
        var moved = reader.ReadInt32();
        if (!hasNext)
        {
            return new ForwardResult(moved, null);
        }

        reader.MoveNext();
        return new ForwardResult(moved, DueTime(reader.ReadString()!));
    }

    // A score is a double. Other programs may have written a fraction of a second (then the task is due when that
    // second is over) or a time that no date can hold.
    private static DateTimeOffset DueTime(string score) =>
        double.TryParse(score, CultureInfo.InvariantCulture, out var due)
        ? DateTimeOffset.UnixEpoch.AddSeconds(
            Math.Clamp(Math.Ceiling(due), 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
        : DateTimeOffset.UnixEpoch;
}

/// <summary>The reply to one forward.</summary>
/// <param name="Moved">How many tasks were due.</param>
/// <param name="NextDue">When the next task is due; <see langword="null"/> when no task is scheduled.</param>
internal readonly record struct ForwardResult(int Moved, DateTimeOffset? NextDue);
