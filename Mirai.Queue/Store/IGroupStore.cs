namespace Mirai.Queue.Store;

/// <summary>Operations on groups of tasks, each atomic. The exceptions are those of <see cref="IQueueStore"/>; after
/// an exception, every operation can be repeated.</summary>
internal interface IGroupStore
{
    /// <inheritdoc cref="IQueueStore.FindUsedAsync"/>
    Task<IReadOnlyList<string>> FindUsedAsync(IReadOnlyList<string> queues, QueueUse use) => Task.FromResult(queues);

    /// <summary>Finds groups that are due: one page, from a cursor that is 0 for the first page.</summary>
    Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor);

    /// <summary>Moves one batch of a group's tasks into a set, if the group is due or the set has tasks already. Stops
    /// after <paramref name="bytes"/> of messages.</summary>
    Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes);

    /// <summary>Reads the tasks of a set from a position on, up to the limit of one reply.</summary>
    Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip);

    /// <summary>Quarantines tasks of a set whose message is unreadable: they go to the archive as they are. Ids whose
    /// task is gone are dropped.</summary>
    /// <returns>How many tasks were archived.</returns>
    Task<int> QuarantineAsync(AggregationSet set, IReadOnlyList<string> taskIds);

    /// <summary>Replaces the tasks of the set with their aggregate, if the set still has <paramref name="size"/>
    /// tasks.</summary>
    Task<AggregateOutcome> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate);

    /// <summary>Deletes one batch of tasks whose aggregate is in its queue.</summary>
    /// <returns>How many tasks are left.</returns>
    Task<int> DeleteAggregatedAsync(AggregationSet set);

    /// <summary>Lists sets that need a reclaimer: sets past their deadline, and sets whose tasks are still to be
    /// deleted. The list is bounded.</summary>
    Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue);

    /// <summary>Returns one batch of a set's tasks to their group, unless the set has got a later deadline.</summary>
    /// <returns>How many tasks were returned, and how many are left.</returns>
    Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set);
}
