namespace Mirai.Queue;

public partial interface IQueueInspector
{
    /// <summary>Moves a task to the end of its queue now, from wherever it waits or is kept. What it has used of its
    /// retries stays used.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">There is no such task.</exception>
    /// <exception cref="TaskStateException">It is pending or active, or set aside to be aggregated.</exception>
    Task RunTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);

    /// <summary>Moves a task to the archive, as it is: it gets no error text, and it keeps its uniqueness
    /// lock.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">There is no such task.</exception>
    /// <exception cref="TaskStateException">It is archived or active, or set aside to be aggregated.</exception>
    Task ArchiveTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);

    /// <summary>Deletes a task and gives back its uniqueness lock (not that of a task in a group, which does not know
    /// it).</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">There is no such task.</exception>
    /// <exception cref="TaskStateException">It is active, or set aside to be aggregated.</exception>
    Task DeleteTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);

    /// <summary>Gives a scheduled task another payload. Its uniqueness lock stays that of the first one.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">There is no such task.</exception>
    /// <exception cref="TaskStateException">It is not scheduled.</exception>
    /// <exception cref="InvalidDataException">What is stored is no task that this version can read.</exception>
    Task UpdateTaskPayloadAsync(
        string queue, string taskId, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default);

    /// <summary>Gives a scheduled or retried task another due time; nothing else of it changes. Its uniqueness lock,
    /// if it has one, lasts as much longer as the task is put off.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="processAt">When it is due, cut to whole seconds; in the past means now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">There is no such task.</exception>
    /// <exception cref="TaskStateException">It is neither scheduled nor waiting for a retry.</exception>
    Task RescheduleTaskAsync(
        string queue, string taskId, DateTimeOffset processAt, CancellationToken cancellationToken = default);

    /// <summary>Asks the worker that runs a task to cancel it, which ends the attempt as a failure. Nobody hears it
    /// when the task does not run; ids of several queues that are equal are all cancelled.</summary>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task CancelTaskAsync(string taskId, CancellationToken cancellationToken = default);
}
