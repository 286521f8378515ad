using StackExchange.Redis;

namespace Mirai.Queue;

public partial interface IQueueInspector
{
    /// <summary>One task.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such task (any more).</returns>
    /// <exception cref="InvalidDataException">What is stored is no task that this version can read.</exception>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);

    /// <summary>One page of the tasks in a state. Pending and active ones come in the order they run, scheduled and
    /// retried ones by their due time, archived ones by when they were archived, completed ones by when they are
    /// deleted.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">Any but aggregating: see <see cref="ListGroupTasksAsync"/>.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the first 30 tasks.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The tasks. One that leaves the state meanwhile is left out.</returns>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<IReadOnlyList<TaskInfo>> ListTasksAsync(
        string queue, TaskState state, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>One page of the tasks that wait in a group, by when they were added.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="group">The group.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the first 30 tasks.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The tasks; none when there is no such group.</returns>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<IReadOnlyList<TaskInfo>> ListGroupTasksAsync(
        string queue, string group, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>The groups of a queue, sorted by name.</summary>
    /// <param name="queue">The queue; one that does not exist has none.</param>
    /// <param name="cancellationToken">Stops counting.</param>
    /// <returns>Each group with its number of tasks, those in aggregation sets not included.</returns>
    Task<IReadOnlyList<GroupInfo>> ListGroupsAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Looks for tasks, some at a time.</summary>
    /// <param name="query">What to look for, and where to go on.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>What was found, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<TaskMatches> SearchTasksAsync(TaskQuery query, CancellationToken cancellationToken = default);
}
