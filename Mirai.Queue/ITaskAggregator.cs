namespace Mirai.Queue;

/// <summary>Replaces the tasks of a group with one task. Created anew for every group that is due, in a
/// dependency-injection scope of its own.</summary>
public interface ITaskAggregator
{
    /// <summary>Makes the task that takes the place of <paramref name="tasks"/>. It goes to their queue, with its own
    /// options for everything else; the others are deleted in the same moment.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="tasks">Its tasks, in the order in which they were added; at least one.</param>
    /// <param name="cancellationToken">Fires 120 s after the tasks were set aside, when other servers may take them,
    /// and when the worker stops and its shutdown timeout is over.</param>
    /// <returns>The task to enqueue.</returns>
    /// <remarks>When it throws, the tasks go back to their group at once and are aggregated again: after 15 s, then after
    /// twice as long each time, at most 120 s. At least once means that one task may be passed in twice; only one of
    /// the results is enqueued.</remarks>
    Task<QueueTask> AggregateAsync(string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken);
}
