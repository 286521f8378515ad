namespace Mirai.Queue;

/// <summary>The scheduler of this process, which starts and stops with the host.</summary>
public interface IQueueScheduler
{
    /// <summary>The periodic tasks that the scheduler has now.</summary>
    IReadOnlyList<PeriodicEntryInfo> Entries { get; }
}

/// <summary>A periodic task of this scheduler.</summary>
/// <param name="id">The id under which inspectors show it; new for every registration.</param>
/// <param name="task">The periodic task.</param>
/// <param name="next">Its next tick; <see langword="null"/> when there is none within five years.</param>
/// <param name="previous">Its last tick, whichever scheduler settled it; <see langword="null"/> when this one has seen
/// none.</param>
public sealed class PeriodicEntryInfo(string id, PeriodicTask task, DateTimeOffset? next, DateTimeOffset? previous)
{
    /// <summary>The id under which inspectors show the task; new for every registration.</summary>
    public string Id { get; } = id;

    /// <summary>The periodic task.</summary>
    public PeriodicTask Task { get; } = task;

    /// <summary>The next tick; <see langword="null"/> when there is none within five years.</summary>
    public DateTimeOffset? Next { get; } = next;

    /// <summary>The last tick, whichever scheduler settled it; <see langword="null"/> when this scheduler has seen
    /// none.</summary>
    public DateTimeOffset? Previous { get; } = previous;
}
