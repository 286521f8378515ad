namespace Mirai.Queue.Store;

/// <summary>Operations on groups of tasks, each atomic. Faults are those of <see cref="IQueueStore"/>; every operation may
/// be repeated after one.</summary>
internal interface IGroupStore
{
    /// <summary>Looks for groups that are due: one page, from a cursor that is 0 at first.</summary>
    Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor);

    /// <summary>Moves tasks of a group into a set if the group is due or the set has some already, one batch. Stops
    /// after <paramref name="bytes"/> of messages.</summary>
    Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes);

    /// <summary>Reads tasks of a set, as many as one reply should hold.</summary>
    Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip);

    /// <summary>Takes tasks without a readable message out of a set, into the archive if there is anything of
    /// them.</summary>
    /// <returns>How many were archived.</returns>
    Task<int> SetAsideAsync(AggregationSet set, IReadOnlyList<string> taskIds);

    /// <summary>Enqueues the aggregate in the place of the set, if the set still has <paramref name="size"/>
    /// tasks.</summary>
    Task<HandOver> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate);

    /// <summary>Deletes tasks whose aggregate is in its queue, one batch.</summary>
    /// <returns>How many are left.</returns>
    Task<int> DeleteAggregatedAsync(AggregationSet set);

    /// <summary>Lists sets that nobody looks after: those past their deadline, and those whose tasks are to be
    /// deleted. The first of them.</summary>
    Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue);

    /// <summary>Puts tasks of a set back into their group, one batch, unless somebody gave the set a later
    /// deadline.</summary>
    /// <returns>How many were put back, and how many are left.</returns>
    Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set);
}
