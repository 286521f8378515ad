namespace Mirai.Queue.Hosting;

/// <summary>An aggregator that is a function.</summary>
internal sealed class DelegateAggregator(Func<string, IReadOnlyList<TaskInfo>, QueueTask> function) : ITaskAggregator
{
    public Task<QueueTask> AggregateAsync(
        string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken) =>
        Task.FromResult(function(group, tasks));
}
