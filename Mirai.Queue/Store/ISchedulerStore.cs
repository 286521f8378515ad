using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>Operations of a scheduler, each atomic. The exceptions are those of <see cref="IQueueStore"/>; after an
/// exception, every operation can be repeated.</summary>
internal interface ISchedulerStore
{
    /// <inheritdoc cref="IQueueStore.CreateTask"/>
    NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now);

    /// <summary>Registers a periodic task as of <paramref name="since"/>, unless it is registered.</summary>
    /// <param name="key">The periodic task.</param>
    /// <param name="spec">Its time zone and spec.</param>
    /// <param name="since">From when on the ticks of a new periodic task count.</param>
    /// <param name="lifetime">How long the periodic task stays registered from now on.</param>
    Task<PeriodicCursor> RegisterEntryAsync(PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime);

    /// <summary>Enqueues the task of a tick, unless a scheduler has settled the tick. A call that is repeated with the
    /// same task after a lost reply gets the reply of the first call.</summary>
    Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task);

    /// <summary>Adds to the history of an entry.</summary>
    Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded);

    /// <summary>Publishes the entries of a scheduler for <paramref name="lifetime"/>.</summary>
    Task WriteEntriesAsync(SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime);

    /// <summary>Removes a scheduler from the list.</summary>
    Task ClearEntriesAsync(SchedulerName scheduler);

    /// <summary>Deletes the histories of entries.</summary>
    Task ClearHistoryAsync(IReadOnlyList<string> entryIds);
}
