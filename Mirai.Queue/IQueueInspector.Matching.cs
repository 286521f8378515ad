namespace Mirai.Queue;

public partial interface IQueueInspector
{
    /// <summary>Runs the tasks that a query finds: see <see cref="RunAllAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were moved, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> RunMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default);

    /// <summary>Archives the tasks that a query finds: see <see cref="ArchiveAllAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were archived, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> ArchiveMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes the tasks that a query finds and gives back their uniqueness locks: see
    /// <see cref="DeleteTaskAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were deleted, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> DeleteMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default);

    /// <summary>Asks to cancel the running tasks that a query finds: see <see cref="CancelTaskAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were asked for, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> CancelMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default);

    /// <summary>Gives the scheduled tasks that a query finds other payloads: see
    /// <see cref="UpdateAllPayloadsAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="change">The new payload of a task; <see langword="null"/> leaves it as it is.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were changed, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> UpdateMatchingPayloadsAsync(
        TaskQuery query, Func<TaskInfo, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken = default);

    /// <summary>Gives the tasks that a query finds another due time: see <see cref="RescheduleTaskAsync"/>.</summary>
    /// <param name="query">Which tasks, and where to go on.</param>
    /// <param name="processAt">When they are due, cut to whole seconds.</param>
    /// <param name="cancellationToken">Stops between two steps; begin again with the same cursor.</param>
    /// <returns>How many were moved, and where the next call goes on.</returns>
    /// <exception cref="ArgumentException">The query cannot be meant; the message names the property.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<BulkStep> RescheduleMatchingAsync(
        TaskQuery query, DateTimeOffset processAt, CancellationToken cancellationToken = default);
}
