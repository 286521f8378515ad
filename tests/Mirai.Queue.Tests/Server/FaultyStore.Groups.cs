using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server;

internal sealed partial class FaultyStore : IGroupStore
{
    public Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor) =>
        RunAsync(nameof(FindDueGroupsAsync), () => inner.FindDueGroupsAsync(queue, limits, cursor));

    public Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes) =>
        RunAsync(nameof(StageGroupAsync), () => inner.StageGroupAsync(set, limits, bytes));

    public Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip) =>
        RunAsync(nameof(ReadSetAsync), () => inner.ReadSetAsync(set, skip));

    public Task<int> QuarantineAsync(AggregationSet set, IReadOnlyList<string> taskIds) =>
        RunAsync(nameof(QuarantineAsync), () => inner.QuarantineAsync(set, taskIds));

    public Task<AggregateOutcome> EnqueueAggregateAsync(AggregationSet set, int size, NewTask aggregate) =>
        RunAsync(nameof(EnqueueAggregateAsync), () => inner.EnqueueAggregateAsync(set, size, aggregate));

    public Task<int> DeleteAggregatedAsync(AggregationSet set) =>
        RunAsync(nameof(DeleteAggregatedAsync), () => inner.DeleteAggregatedAsync(set));

    public Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue) =>
        RunAsync(nameof(ListLeftSetsAsync), () => inner.ListLeftSetsAsync(queue));

    public Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set) =>
        RunAsync(nameof(ReturnSetAsync), () => inner.ReturnSetAsync(set));
}
