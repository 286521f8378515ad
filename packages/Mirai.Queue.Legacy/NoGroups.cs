using Mirai.Queue.Store;

namespace Mirai.Queue.Legacy;

/// <summary>The legacy layout has no groups: every operation finds nothing to do.</summary>
internal sealed class NoGroups : IGroupStore
{
    public Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor) =>
        Task.FromResult(new DueGroups([], NextDue: null, Cursor: 0));

    public Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes) =>
        Task.FromResult(new StagedTasks(Size: 0, Bytes: 0, HasMore: false));

    public Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip) =>
        Task.FromResult<IReadOnlyList<StagedTask>>([]);

    public Task<int> QuarantineAsync(AggregationSet set, IReadOnlyList<string> taskIds) => Task.FromResult(0);

    public Task<AggregateOutcome> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate) =>
        Task.FromResult(AggregateOutcome.SetGone);

    public Task<int> DeleteAggregatedAsync(AggregationSet set) => Task.FromResult(0);

    public Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue) =>
        Task.FromResult<IReadOnlyList<AggregationSet>>([]);

    public Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set) => Task.FromResult((0, 0));
}
