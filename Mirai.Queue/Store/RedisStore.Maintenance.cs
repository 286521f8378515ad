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
        var now = time.GetUtcNow();
        using var reply = await LuaScripts.Forward.RunAsync(
            database,
            keys: (RedisKey[])
                [RedisKeys.Pending(queue), RedisKeys.Scheduled(queue), RedisKeys.Retry(queue), RedisKeys.Groups(queue)],
            arguments: (RedisValue[])
            [
                WireTime.ToSeconds(now), WireTime.ToUnixNanoseconds(now), RedisKeys.TaskPrefix(queue),
                RedisKeys.GroupPrefix(queue), RedisKeys.WakeChannel(queue), ForwardBatch,
            ]).ConfigureAwait(false);

        return ReadForwarded(reply);
    }

    public Task<int> DeleteExpiredCompletedAsync(string queue, int count) => CountAsync(
        LuaScripts.DeleteExpiredCompleted,
        keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Completed(queue)],
        arguments: (RedisValue[])[WireTime.ToSeconds(time.GetUtcNow()), RedisKeys.TaskPrefix(queue), count]);

    public Task<int> TrimArchiveAsync(string queue, int count) => CountAsync(
        LuaScripts.TrimArchive,
        keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Archived(queue)],
        arguments: (RedisValue[])[OldestArchived(time), MostArchived, RedisKeys.TaskPrefix(queue), count]);

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

    // A score is a double: somebody may have written half a second (due when the second is over), or what no date can
    // hold.
    private static DateTimeOffset DueTime(string score) =>
        double.TryParse(score, CultureInfo.InvariantCulture, out var due)
        ? DateTimeOffset.UnixEpoch.AddSeconds(
            Math.Clamp(Math.Ceiling(due), 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
        : DateTimeOffset.UnixEpoch;
}
