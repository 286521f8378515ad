using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Looks at queues and repairs them. All its work is done in steps of some milliseconds of Redis' time,
/// however much a queue holds.</summary>
/// <remarks>Every method throws a <see cref="RedisException"/> or a <see cref="TimeoutException"/> when Redis does not
/// answer; then what was asked for may or may not have happened. Cancelling ends the work between two steps: what was
/// done until then stays done.</remarks>
public partial interface IQueueInspector
{
    /// <summary>The names of all queues, sorted.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Every queue a task was ever put into, unless it was deleted.</returns>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default);

    /// <summary>What a queue holds.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such queue.</returns>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>How many attempts ended, day by day.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="days">How many days, today (UTC) included; 1 to 90, which is how long Redis keeps them.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>One entry per day, today first.</returns>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    Task<IReadOnlyList<QueueDay>> ListHistoryAsync(
        string queue, int days = 7, CancellationToken cancellationToken = default);

    /// <summary>Keeps workers from taking tasks from a queue. Running ones go on; all else goes on as well: tasks may
    /// be enqueued, fall due, and wait. A queue that does not exist yet can be paused.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="false"/> when it was paused already.</returns>
    Task<bool> PauseQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Lets workers take tasks from a queue again.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="false"/> when it was not paused.</returns>
    Task<bool> ResumeQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Deletes a queue and all that belongs to it: tasks, groups, counters, uniqueness locks, the pause.
    /// Looks at every key of Redis once, which takes about a second per million.</summary>
    /// <remarks>If this is cancelled or Redis goes away, call it again: it goes on where it was. A queue into which
    /// tasks are put meanwhile keeps those (except some in groups) and stays on the list. A process that has put tasks
    /// into it before lists it again with its first task after a minute, one of Go never.</remarks>
    /// <param name="queue">The queue.</param>
    /// <param name="force">Deletes tasks that wait, too. Without it, the only tasks it may have are completed
    /// ones.</param>
    /// <param name="cancellationToken">Stops deleting.</param>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    /// <exception cref="QueueNotEmptyException">It has tasks, or, even with <paramref name="force"/>, running
    /// ones.</exception>
    Task DeleteQueueAsync(string queue, bool force = false, CancellationToken cancellationToken = default);
}
