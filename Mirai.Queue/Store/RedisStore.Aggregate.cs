using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<AggregateOutcome> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, set.Queue).ConfigureAwait(false);
        var reply = await CountAsync(
            LuaScripts.EnqueueAggregate,
            keys: AddOneKeys(aggregate, set.Key, QueueKeys.Of(set.Queue).AggregationSets),
            arguments: AddOneArguments(aggregate, size, AggregationSet.AggregatedDeadline, SetBatch))
            .ConfigureAwait(false);

        return reply switch
        {
            1 => AggregateOutcome.Done,
            2 => AggregateOutcome.DeletionsLeft,
            0 => AggregateOutcome.SetGone,
            -1 => AggregateOutcome.TaskIdConflict,
            -2 => AggregateOutcome.Duplicate,
            _ => throw new InvalidOperationException($"enqueue_aggregate.lua returned {reply}."),
        };
    }
}

/// <summary>What became of an aggregate: the task that replaces the tasks of a set.</summary>
internal enum AggregateOutcome
{
    /// <summary>The aggregate is in its queue, and the tasks of the set are deleted.</summary>
    Done,

    /// <summary>The aggregate is in its queue; some tasks of the set are still to be deleted.</summary>
    DeletionsLeft,

    /// <summary>Not enqueued: the set does not hold the tasks that were read. They returned to their group, or an
    /// earlier call whose reply was lost has enqueued their aggregate.</summary>
    SetGone,

    /// <summary>Not enqueued: the id belongs to another task.</summary>
    TaskIdConflict,

    /// <summary>Not enqueued: an equal task holds the uniqueness lock.</summary>
    Duplicate,
}
