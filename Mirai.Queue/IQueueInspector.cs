using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Reads queues and repairs them. A <see cref="TaskSelection"/> names tasks (one, those in a state, those in
/// a group, or those that a filter matches), and each of six methods does one thing to the tasks of a
/// selection.</summary>
/// <remarks>
/// <para>A queue is read and changed in steps that take Redis some milliseconds each, however many tasks the queue
/// holds.</para>
/// <para>Every method throws a <see cref="RedisException"/> or a <see cref="TimeoutException"/> when Redis does not
/// answer; a change may or may not have happened then. Cancellation takes effect between two steps: changes made until
/// then remain.</para>
/// </remarks>
public interface IQueueInspector
{
    /// <summary>Lists the names of all queues, in ordinal order.</summary>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns>Every queue that a task was ever put into, unless the queue was deleted.</returns>
    Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the sizes, the latency and the counters of a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns><see langword="null"/> when there is no such queue.</returns>
    Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Reads how many attempts ended and failed, day by day.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="days">Number of days, today (UTC) included: 1 to 90, the days that Redis keeps.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns>One entry per day, today first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="days"/> is not 1 to 90.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<IReadOnlyList<QueueDay>> ListHistoryAsync(
        string queue, int days = 7, CancellationToken cancellationToken = default);

    /// <summary>Stops workers from taking tasks from a queue. Tasks that run continue, tasks can still be enqueued,
    /// and scheduled tasks become pending when they are due. A queue can be paused before its first task.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns><see langword="false"/> when the queue was paused already.</returns>
    Task<bool> PauseQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Lets workers take tasks from a paused queue again.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns><see langword="false"/> when the queue was not paused.</returns>
    Task<bool> ResumeQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Deletes a queue with its tasks, groups, counters, uniqueness locks and pause. Scans every key of Redis
    /// once, which takes about a second per million keys.</summary>
    /// <remarks>After a cancellation or a lost connection, call the method again: the deletion continues. Tasks that
    /// are enqueued during the deletion stay (except some tasks in groups), and so does the queue. A process that has
    /// used the queue before puts the queue's name back on the list with the first task it enqueues after a minute; a
    /// Go process does not.</remarks>
    /// <param name="queue">The queue.</param>
    /// <param name="force">Also delete tasks that wait or are archived; <see langword="false"/> only deletes a queue
    /// that has no tasks but completed ones.</param>
    /// <param name="cancellationToken">Stops the deletion between two steps.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="QueueNotEmptyException">The queue has active tasks, or it has tasks that are not completed and
    /// <paramref name="force"/> is <see langword="false"/>.</exception>
    Task DeleteQueueAsync(string queue, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>Lists the groups of a queue that have tasks, in ordinal order of their names.</summary>
    /// <param name="queue">The queue; an unknown queue has no groups.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the first 30 groups.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>Each group with its number of tasks, also of those that are being aggregated.</returns>
    /// <exception cref="ArgumentException">The cursor is not one that this method returned.</exception>
    Task<Page<GroupInfo>> ListGroupsAsync(
        string queue, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>Finds one task.</summary>
    /// <param name="queue">The task's queue.</param>
    /// <param name="taskId">The task's id.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns><see langword="null"/> when there is no such task (any more).</returns>
    /// <exception cref="InvalidDataException">This version cannot read the task's message.</exception>
    Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);

    /// <summary>Lists the tasks of a selection, page by page.</summary>
    /// <remarks>
    /// <para>Without a filter, tasks come in order: pending and active tasks in the order in which workers take them,
    /// scheduled and retried tasks by their due time, archived tasks by the time they were archived, completed tasks
    /// by the time they expire, tasks of a group by the time they were added. A task that leaves its state while the
    /// page is read is left out.</para>
    /// <para>With a filter, one call examines about <see cref="Paging.Size"/> tasks and returns the matching ones, in
    /// no order and possibly none; follow the cursor to the end. A task that moves meanwhile may be returned
    /// twice.</para>
    /// </remarks>
    /// <param name="selection">Which tasks.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the first 30 tasks.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The tasks, and where the next page begins.</returns>
    /// <exception cref="ArgumentException">The filter asks for an age that Redis does not know, the cursor belongs to
    /// another selection, or a page of a filtered selection is asked for by its number.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<Page<TaskInfo>> ListTasksAsync(
        TaskSelection selection, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>Moves scheduled, retried, archived, completed or aggregating tasks to the end of the pending list. The
    /// number of used retries stays.</summary>
    /// <param name="selection">Which tasks: of a state or a group, those that are in it when the first step
    /// begins.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of tasks moved, and where the next step begins.</returns>
    /// <exception cref="ArgumentException">Tasks in the selected state cannot be run, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">The one selected task does not exist.</exception>
    /// <exception cref="TaskStateException">The one selected task is pending or active, or is being
    /// aggregated.</exception>
    Task<SelectionStep> RunTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default);

    /// <summary>Moves pending, scheduled, retried, completed or aggregating tasks to the archive. The tasks get no
    /// error text and keep their uniqueness locks. An archive keeps 9,999 tasks: the call deletes the oldest ones beyond
    /// that, and returns their number in <see cref="SelectionStep.Trimmed"/>.</summary>
    /// <param name="selection">Which tasks: of a state or a group, those that are in it when the first step
    /// begins.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of tasks archived (also those that the archive did not keep), and where the next step
    /// begins.</returns>
    /// <exception cref="ArgumentException">Tasks in the selected state cannot be archived, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">The one selected task does not exist.</exception>
    /// <exception cref="TaskStateException">The one selected task is archived or active, or is being
    /// aggregated.</exception>
    Task<SelectionStep> ArchiveTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes tasks that are not active and releases their uniqueness locks.</summary>
    /// <remarks>As in Asynq, two kinds of locks are not released and expire: those of tasks in a group, and those of
    /// pending tasks that are selected by state without a filter.</remarks>
    /// <param name="selection">Which tasks: of a state or a group, those that are in it when the first step
    /// begins.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of tasks deleted, and where the next step begins.</returns>
    /// <exception cref="ArgumentException">The selected tasks are active, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">The one selected task does not exist.</exception>
    /// <exception cref="TaskStateException">The one selected task is active, or is being aggregated.</exception>
    Task<SelectionStep> DeleteTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default);

    /// <summary>Asks the workers that run active tasks to cancel them, which ends the attempt as a failure.</summary>
    /// <remarks>The request names a task by its id alone: tasks of several queues with the same id are all cancelled.
    /// A selection of one task sends the request without looking at Redis, whether the task runs or not.</remarks>
    /// <param name="selection">Which tasks.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of requests sent, and where the next step begins.</returns>
    /// <exception cref="ArgumentException">The selected tasks are not active, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<SelectionStep> CancelTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default);

    /// <summary>Gives scheduled or retried tasks another due time. A uniqueness lock lasts as much longer as its task
    /// is delayed.</summary>
    /// <param name="selection">Which tasks.</param>
    /// <param name="processAt">The due time, cut to whole seconds; a time in the past means now.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of tasks rescheduled, and where the next step begins.</returns>
    /// <exception cref="ArgumentException">Tasks in the selected state have no due time, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">The one selected task does not exist.</exception>
    /// <exception cref="TaskStateException">The one selected task is neither scheduled nor retried.</exception>
    Task<SelectionStep> RescheduleTasksAsync(
        TaskSelection selection, DateTimeOffset processAt, Paging? step = null,
        CancellationToken cancellationToken = default);

    /// <summary>Gives scheduled tasks another payload. A uniqueness lock stays the one of the first payload.</summary>
    /// <param name="selection">Which tasks.</param>
    /// <param name="change">Returns a task's new payload, or <see langword="null"/> to leave the task as it is (a null
    /// array converts to an empty payload, not to <see langword="null"/>). May be called more than once for a
    /// task.</param>
    /// <param name="step">Which part of the selection; <see langword="null"/> for the whole selection.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number of tasks changed, and where the next step begins.</returns>
    /// <exception cref="ArgumentException">The selected tasks are not scheduled, or see
    /// <see cref="ListTasksAsync"/>.</exception>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="TaskNotFoundException">The one selected task does not exist.</exception>
    /// <exception cref="TaskStateException">The one selected task is not scheduled.</exception>
    /// <exception cref="InvalidDataException">This version cannot read the message of the one selected
    /// task.</exception>
    Task<SelectionStep> UpdatePayloadsAsync(
        TaskSelection selection, Func<TaskInfo, ReadOnlyMemory<byte>?> change, Paging? step = null,
        CancellationToken cancellationToken = default);

    /// <summary>Lists the servers that wrote their record within its lifetime (some seconds), with the tasks they run,
    /// in order of host and process id. Records that cannot be read are left out.</summary>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns>The servers, Go's among them.</returns>
    Task<IReadOnlyList<QueueServerInfo>> ListServersAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the periodic tasks of all schedulers that run. Records that cannot be read are left
    /// out.</summary>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns>The entries, those of Go's schedulers among them.</returns>
    Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulerEntriesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the tasks that a scheduler entry has enqueued, the newest first; Redis keeps the last 1,000.
    /// Records that cannot be read are left out.</summary>
    /// <param name="entryId">The entry's id.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the newest 30.</param>
    /// <param name="cancellationToken">Stops waiting for Redis.</param>
    /// <returns>The events; none when there is no such entry.</returns>
    /// <exception cref="ArgumentException">The cursor is not one that this method returned.</exception>
    Task<Page<SchedulerEventInfo>> ListSchedulerEventsAsync(
        string entryId, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>Computes the slot of a Redis Cluster that holds all keys of a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <returns>0 to 16,383.</returns>
    /// <exception cref="NotSupportedException">The legacy layout spreads the keys of a queue over many
    /// slots.</exception>
    int GetClusterKeySlot(string queue);

    /// <summary>Lists the nodes of a Redis Cluster that hold a queue's keys, the primary first, as the connection
    /// knows them: the connection asks every minute, and when a node redirects a command.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting for the connection.</param>
    /// <returns>The nodes; none when Redis is not a cluster.</returns>
    Task<IReadOnlyList<ClusterNodeInfo>> ListClusterNodesAsync(
        string queue, CancellationToken cancellationToken = default);
}
