using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<HandOver> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, set.Queue).ConfigureAwait(false);
        var reply = await CountAsync(
            LuaScripts.EnqueueAggregate, AggregateKeys(set, aggregate), AggregateArguments(set, size, aggregate))
            .ConfigureAwait(false);

        return reply switch
        {
            1 => HandOver.Done,
            2 => HandOver.DeletionsLeft,
            0 => HandOver.SetGone,
            -1 => HandOver.TaskIdConflict,
            -2 => HandOver.Duplicate,
            _ => throw new InvalidOperationException($"enqueue_aggregate.lua returned {reply}."),
        };
    }

    private static RedisKey[] AggregateKeys(AggregationSet set, NewTask aggregate)
    {
        var route = aggregate.Route;
        RedisKey[] keys =
        [
            RedisKeys.Pending(set.Queue), RedisKeys.Groups(set.Queue), set.Key, RedisKeys.AggregationSets(set.Queue),
            route.Placement == Placement.Group
                ? RedisKeys.Group(set.Queue, aggregate.Message.GroupKey)
                : RedisKeys.Scheduled(set.Queue),
        ];

        return route.Unique ? [.. keys, aggregate.Message.UniqueKey] : keys;
    }

    private RedisValue[] AggregateArguments(AggregationSet set, int size, NewTask aggregate)
    {
        var now = time.GetUtcNow();
        (string State, long Time) place = aggregate.Route.Placement switch
        {
            Placement.Pending => ("pending", WireTime.ToUnixNanoseconds(now)),
            Placement.Scheduled => ("scheduled", WireTime.ToSeconds(aggregate.ProcessAt)),
            _ => ("aggregating", WireTime.ToSeconds(now)),
        };

        return
        [
            RedisKeys.TaskPrefix(set.Queue), RedisKeys.WakeChannel(set.Queue), size, AggregationSet.HandedOver,
            SetBatch,
            aggregate.Message.Id, aggregate.Encoded, place.State, place.Time, aggregate.Message.GroupKey,
            WireTime.ToSeconds(aggregate.LockLifetime),
        ];
    }
}
