namespace Mirai.Queue;

public partial interface IQueueInspector
{
    /// <summary>Runs the tasks that are in a state when this begins, in their order: see
    /// <see cref="RunTaskAsync"/>.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">Scheduled, retry, archived, completed or aggregating.</param>
    /// <param name="group">The group of aggregating tasks; <see langword="null"/> for other states.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were moved.</returns>
    /// <exception cref="ArgumentException">Tasks in that state cannot be run, or the group does not go with
    /// it.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> RunAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default);

    /// <summary>Archives the tasks that are in a state when this begins. An archive keeps 9,999 tasks; older ones are
    /// deleted.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">Pending, scheduled, retry, completed or aggregating.</param>
    /// <param name="group">The group of aggregating tasks; <see langword="null"/> for other states.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were archived, those included that the archive did not keep.</returns>
    /// <exception cref="ArgumentException">Tasks in that state cannot be archived, or the group does not go with
    /// it.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> ArchiveAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes the tasks that are in a state when this begins. Uniqueness locks are given back, except, as in
    /// Asynq, those of pending and aggregating tasks, which run out by themselves (<see cref="DeleteMatchingAsync"/>
    /// gives back those of pending ones).</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">Any but active.</param>
    /// <param name="group">The group of aggregating tasks; <see langword="null"/> for other states.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="ArgumentException">The tasks are active, or the group does not go with the state.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> DeleteAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default);

    /// <summary>Asks to cancel all tasks of a queue that run: see <see cref="CancelTaskAsync"/>.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were asked for.</returns>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> CancelAllAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Gives scheduled tasks other payloads: see <see cref="UpdateTaskPayloadAsync"/>.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="change">The new payload of a task; <see langword="null"/> leaves it as it is. May be called twice
    /// for a task.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were changed.</returns>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> UpdateAllPayloadsAsync(
        string queue, Func<TaskInfo, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken = default);

    /// <summary>Gives all tasks in a state another due time: see <see cref="RescheduleTaskAsync"/>.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">Scheduled or retry.</param>
    /// <param name="processAt">When they are due, cut to whole seconds.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many were moved.</returns>
    /// <exception cref="ArgumentException">Tasks in that state have no due time.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<long> RescheduleAllAsync(
        string queue, TaskState state, DateTimeOffset processAt, CancellationToken cancellationToken = default);
}
