using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>What a scheduler wants from Redis, each operation atomic. Faults are those of <see cref="IQueueStore"/>; every
/// operation may be repeated after one.</summary>
internal interface ISchedulerStore
{
    /// <summary>Makes a periodic task known, if it is not, as of <paramref name="since"/>.</summary>
    /// <param name="key">Who it is.</param>
    /// <param name="spec">Its time zone and spec.</param>
    /// <param name="since">From when on its ticks count if it is new.</param>
    /// <param name="lifetime">How long it stays known from now on.</param>
    Task<PeriodicCursor> RegisterEntryAsync(PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime);

    /// <summary>Enqueues the task of a tick unless somebody has settled that tick. Repeated with the same task after a
    /// lost reply it says what the first call said of an enqueue.</summary>
    Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task);

    /// <summary>Adds to the history of an entry.</summary>
    Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded);

    /// <summary>Publishes the entries of a scheduler for <paramref name="lifetime"/>.</summary>
    Task WriteEntriesAsync(SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime);

    /// <summary>Takes a scheduler off the list.</summary>
    Task ClearEntriesAsync(SchedulerName scheduler);

    /// <summary>Deletes the histories of entries.</summary>
    Task ClearHistoryAsync(IReadOnlyList<string> entryIds);
}
