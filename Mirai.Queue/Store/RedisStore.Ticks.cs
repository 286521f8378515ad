using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<PeriodicCursor> RegisterEntryAsync(
        PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime)
    {
        var queue = QueueKeys.Of(key.Queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.RegisterEntry.RunAsync(
            database,
            keys: (RedisKey[])[queue.Pending, queue.Periodic(key.Name)],
            arguments: (RedisValue[])[WireTime.ToSeconds(since), spec, WireTime.ToSeconds(lifetime)])
            .ConfigureAwait(false);

        return ReadCursor(reply);
    }

    public async Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, task.Route.Queue).ConfigureAwait(false);
        using var reply = await LuaScripts.EnqueueTick.RunAsync(
            database,
            keys: AddOneKeys(task, QueueKeys.Of(task.Route.Queue).Periodic(order.Key.Name)),
            arguments: AddOneArguments(
                task,
                WireTime.ToSeconds(order.Tick), WireTime.ToSeconds(time.GetUtcNow() + PeriodicCursor.ClockTolerance),
                WireTime.ToSeconds(order.Lifetime), order.SkipsOverlap, order.EntryId)).ConfigureAwait(false);

        return ReadTickReply(reply, task);
    }

    /// <summary>Reads the reply of a script that registers a periodic task.</summary>
    internal static PeriodicCursor ReadCursor(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var tick = reader.ReadString();
        reader.MoveNext();

        return new PeriodicCursor(ReadTick(tick), reader.ReadInt64() == 1);
    }

    /// <summary>Reads the reply of a script that enqueues a tick, and settles its task.</summary>
    internal static TickReply ReadTickReply(RespResult reply, NewTask task)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var outcome = ToOutcome(reader.ReadInt64());
        reader.MoveNext();
        var settled = ReadTick(reader.ReadString());
        reader.MoveNext();
        var lockOwner = reader.ReadString();
        task.Settle(
            outcome switch
            {
                TickOutcome.Enqueued => EnqueueStatus.Enqueued,
                TickOutcome.TaskIdConflict => EnqueueStatus.TaskIdConflict,
                TickOutcome.Duplicate => EnqueueStatus.Duplicate,
                _ => EnqueueStatus.Unknown,
            },
            string.IsNullOrEmpty(lockOwner) ? null : lockOwner);

        return new TickReply(outcome, settled);
    }

    private static TickOutcome ToOutcome(long reply) => Enum.IsDefined((TickOutcome)reply)
        ? (TickOutcome)reply
        : throw new InvalidOperationException($"enqueue_tick.lua returned {reply}.");

    private static DateTimeOffset ReadTick(string? seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds!, CultureInfo.InvariantCulture));
}

/// <summary>A periodic task, as all schedulers that have it name it.</summary>
/// <param name="Queue">The queue that its tasks go to.</param>
/// <param name="Name">Its name in that queue.</param>
internal readonly record struct PeriodicKey(string Queue, string Name);

/// <summary>How far the ticks of a periodic task are settled.</summary>
/// <param name="Tick">The last tick that a scheduler settled.</param>
/// <param name="IsOfOtherSpec">The periodic task had another spec at that tick, so that the ticks missed since are
/// unknown.</param>
internal readonly record struct PeriodicCursor(DateTimeOffset Tick, bool IsOfOtherSpec)
{
    /// <summary>A settled tick that lies further ahead was written with a wrong clock and settles nothing. Leases do
    /// not work either with clocks that differ by so much.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);
}

/// <summary>A tick to settle.</summary>
/// <param name="Key">The periodic task.</param>
/// <param name="EntryId">The registration of the periodic task with the scheduler that enqueues.</param>
/// <param name="Tick">When the tick was due.</param>
/// <param name="SkipsOverlap">Do not enqueue while the task of the last tick waits or runs.</param>
/// <param name="Lifetime">How long the periodic task stays known from now on.</param>
internal readonly record struct TickOrder(
    PeriodicKey Key, string EntryId, DateTimeOffset Tick, bool SkipsOverlap, TimeSpan Lifetime);

/// <summary>The reply to one tick.</summary>
/// <param name="Outcome">What became of the tick.</param>
/// <param name="Settled">The last tick that is settled: this tick or a later one.</param>
internal readonly record struct TickReply(TickOutcome Outcome, DateTimeOffset Settled);

/// <summary>What became of a tick. <c>enqueue_tick.lua</c> replies with these numbers.</summary>
internal enum TickOutcome
{
    /// <summary>This tick or a later one was settled before.</summary>
    SettledBefore = 0,

    /// <summary>The task of the tick is in its queue.</summary>
    Enqueued = 1,

    /// <summary>The task of the last tick still waits or runs.</summary>
    Overlaps = 2,

    /// <summary>The id that the options name belongs to another task.</summary>
    TaskIdConflict = 3,

    /// <summary>An equal task holds the uniqueness lock.</summary>
    Duplicate = 4,
}
