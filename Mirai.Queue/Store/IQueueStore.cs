using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>The seam between tasks and Redis: every operation that moves a task, each atomic. Each layout of the keys
/// in Redis is an implementation.</summary>
/// <remarks>Every asynchronous method throws a <see cref="StackExchange.Redis.RedisException"/> or a
/// <see cref="TimeoutException"/> when Redis does not answer. Then Redis may or may not have run the
/// operation.</remarks>
internal interface IQueueStore
{
    /// <summary>Turns a task and its options into what this store stores.</summary>
    /// <exception cref="ArgumentException">An option is not valid, or the layout cannot carry it; the message names
    /// the option.</exception>
    NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now);

    /// <summary>Stores tasks of one route and settles each of them.</summary>
    Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks);

    /// <summary>Whether exactly this message is stored under its id. After a lost reply, this tells the caller's own
    /// task from another task with the same id.</summary>
    Task<bool> IsStoredAsync(NewTask task);

    /// <summary>Moves up to <paramref name="count"/> of the oldest tasks to this worker; 0 only counts the pending
    /// tasks. <paramref name="withPendingSince"/> costs Redis one read more for each task.</summary>
    Task<TakenTasks> TakeAsync(string queue, int count, LeaseStamp lease, bool withPendingSince);

    /// <summary>Takes tasks that this worker has deferred, before they are due, unless something else has moved them
    /// since.</summary>
    Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, LeaseStamp lease);

    /// <summary>Writes the outcomes of attempts of one queue.</summary>
    /// <returns>Positions of the tasks that no longer belong to this worker.</returns>
    Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks);

    /// <summary>Extends leases.</summary>
    /// <returns>Positions of the tasks that no longer belong to this worker.</returns>
    Task<IReadOnlyList<int>> ExtendLeaseAsync(string queue, IReadOnlyList<TaskLease> leases, long leaseExpiry);

    /// <summary>Stores the result that a handler wrote.</summary>
    /// <returns><see langword="false"/> when the task no longer belongs to this worker.</returns>
    Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result);

    /// <summary>Moves one batch of due tasks to the end of their queue.</summary>
    Task<ForwardResult> ForwardAsync(string queue);

    /// <summary>Lists tasks whose lease expired at <paramref name="expiredBefore"/> (Unix seconds) or
    /// earlier.</summary>
    Task<ExpiredTasks> ListExpiredAsync(string queue, long expiredBefore, int skip, int count);

    /// <summary>The error text of a task whose worker is gone, in a layout whose text is not that of
    /// <see cref="TaskLeaseExpiredException"/>; <see langword="null"/> in the others.</summary>
    string? ExpiredText => null;

    /// <summary>Requeues running tasks that have no lease, in pages.</summary>
    Task<RepairedTasks> RepairActiveAsync(string queue, int skip, int count);

    /// <summary>Removes expired leases whose task is gone or does not run.</summary>
    Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds);

    /// <summary>Requeues tasks that a take moved whose reply was lost.</summary>
    Task<int> ReturnUntrackedAsync(string queue, LeaseStamp take, int count);

    /// <summary>Deletes one batch of completed tasks past their retention.</summary>
    Task<int> DeleteExpiredCompletedAsync(string queue, int count);

    /// <summary>Deletes one batch of archived tasks that are too old or too many.</summary>
    Task<int> TrimArchiveAsync(string queue, int count);

    /// <summary>The names of all queues on the list of queues.</summary>
    Task<IReadOnlySet<string>> ListQueuesAsync();

    /// <summary>Publishes a server, and what changed among its running tasks, for <paramref name="lifetime"/>.</summary>
    /// <returns>How many running tasks are published now.</returns>
    Task<long> WriteServerStateAsync(ServerState state, TimeSpan lifetime);

    /// <summary>Removes a server from the list.</summary>
    Task ClearServerStateAsync(ServerInfo server);

    /// <summary>Calls back with the id of every task that a client cancels, until disposed.</summary>
    Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel);

    /// <summary>Asks the server that runs the task to cancel it.</summary>
    Task PublishCancellationAsync(string taskId);

    /// <summary>Calls back when a queue is no longer empty, or when a task is due earlier, until disposed. Calls back
    /// without a queue once the subscription stands and again after a lost connection, because messages may have been
    /// lost. A pattern (<see cref="QueuePattern"/>) stands for all its queues, including future ones.</summary>
    Task<IAsyncDisposable> SubscribeWakeUpsAsync(IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp);

    /// <summary>Begins to watch pending lists for tasks of producers that send no signal, until disposed.</summary>
    /// <param name="onPending">Called with a queue that <see cref="WatchAsync"/> or <see cref="FindPendingAsync"/> read
    /// and that has changed since, once; with <see langword="null"/> when any queue may have.</param>
    /// <param name="onUnavailable">Called at most once, when this Redis reports no changes.</param>
    /// <returns><see langword="null"/> when this layout cannot be watched.</returns>
    IAsyncDisposable? WatchPending(Action<string?> onPending, Action<Exception> onUnavailable) => null;

    /// <summary>Whether <see cref="WatchAsync"/> may have an effect.</summary>
    bool IsWatching => false;

    /// <summary>Finds the queues that have pending tasks, paused queues included, with few commands. Watches all of
    /// them if Redis reports changes.</summary>
    /// <returns><see langword="null"/> when this Redis cannot read several queues with one command.</returns>
    Task<IReadOnlyList<string>?> FindPendingAsync(IReadOnlyList<string> queues) =>
        Task.FromResult<IReadOnlyList<string>?>(null);

    /// <summary>Watches queues that are not watched yet.</summary>
    /// <returns>Those of them that have pending tasks already.</returns>
    Task<IReadOnlyList<string>> WatchAsync(IReadOnlyList<string> queues) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Finds the queues that have something, with few commands.</summary>
    /// <returns>All queues when this Redis cannot read several queues with one command.</returns>
    Task<IReadOnlyList<string>> FindUsedAsync(IReadOnlyList<string> queues, QueueUse use) => Task.FromResult(queues);

    /// <summary>Waits for one reply of Redis.</summary>
    Task PingAsync();

    /// <summary>Reads what the server reports about itself; facts that it does not report are
    /// <see langword="null"/>.</summary>
    Task<RedisFacts> ReadFactsAsync();
}
