namespace Mirai.Queue.Store;

/// <summary>The seam between tasks and Redis: every operation that moves a task, each atomic. Two layouts implement
/// it.</summary>
/// <remarks>Every method throws a <see cref="StackExchange.Redis.RedisException"/> or a <see cref="TimeoutException"/>
/// when Redis does not answer; then the operation may or may not have happened.</remarks>
internal interface IQueueStore
{
    /// <summary>Stores tasks of one route and settles each.</summary>
    Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks);

    /// <summary>Whether exactly this message is stored under its id; tells a caller's own task from another's after a
    /// lost reply.</summary>
    Task<bool> IsStoredAsync(NewTask task);

    /// <summary>Moves up to <paramref name="count"/> of the oldest tasks to this worker; 0 only looks. Telling since
    /// when they have been pending costs Redis a little.</summary>
    Task<TakenTasks> TakeAsync(string queue, int count, long leaseExpiry, bool withPendingSince);

    /// <summary>Moves tasks back to this worker that it put off and that have not been touched since, before they are
    /// due.</summary>
    Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, long leaseExpiry);

    /// <summary>Writes outcomes of one queue back.</summary>
    /// <returns>Positions of the tasks that belong to somebody else by now.</returns>
    Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks);

    /// <summary>Moves leases.</summary>
    /// <returns>Positions of the tasks that belong to somebody else by now.</returns>
    Task<IReadOnlyList<int>> ExtendLeaseAsync(string queue, IReadOnlyList<LeaseRenewal> leases, long leaseExpiry);

    /// <summary>Stores what a handler wrote.</summary>
    /// <returns><see langword="false"/> when the task belongs to somebody else by now.</returns>
    Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result);

    /// <summary>Moves tasks that are due to the end of their queue, one batch.</summary>
    Task<ForwardResult> ForwardAsync(string queue);

    /// <summary>Lists tasks with a lease that ran out at <paramref name="expiredBefore"/> (Unix seconds) or
    /// earlier.</summary>
    Task<IReadOnlyList<ExpiredTask>> ListExpiredAsync(string queue, long expiredBefore, int skip, int count);

    /// <summary>Removes running ids whose task is gone.</summary>
    Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds);

    /// <summary>Puts back tasks that a take moved whose reply never came.</summary>
    Task<int> ReturnUntrackedAsync(string queue, long leaseExpiry, int count, IReadOnlyList<string> knownTaskIds);

    /// <summary>Deletes completed tasks past their retention, one batch.</summary>
    Task<int> DeleteExpiredCompletedAsync(string queue, int count);

    /// <summary>Deletes archived tasks beyond age and number, one batch.</summary>
    Task<int> TrimArchiveAsync(string queue, int count);

    /// <summary>The names of all queues anybody has used.</summary>
    Task<IReadOnlySet<string>> ListQueuesAsync();

    /// <summary>Publishes a server for <paramref name="lifetime"/>.</summary>
    Task WriteServerStateAsync(ServerState state, TimeSpan lifetime);

    /// <summary>Takes a server off the list.</summary>
    Task ClearServerStateAsync(ServerState state);

    /// <summary>Calls back with the id of every task somebody cancels, until disposed.</summary>
    Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel);

    /// <summary>Asks whichever server runs the task to cancel it.</summary>
    Task PublishCancellationAsync(string taskId);

    /// <summary>Calls back when a queue is no longer empty, or something is due earlier, until disposed. Also once it
    /// is subscribed, and again after a lost connection, for every queue: there may have been news that nobody heard.
    /// A pattern (<see cref="QueuePattern"/>) stands for all its queues, those to come included.</summary>
    Task<IAsyncDisposable> SubscribeWakeUpsAsync(IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp);

    /// <summary>Round trip.</summary>
    Task PingAsync();

    /// <summary>What the server says about itself; parts it does not tell are <see langword="null"/>.</summary>
    Task<RedisFacts> ReadFactsAsync();
}
