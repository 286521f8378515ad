namespace Mirai.Queue;

/// <summary>The scheduler of this process, which starts and stops with the host.</summary>
public interface IQueueScheduler
{
    /// <summary>The periodic tasks that the scheduler has now.</summary>
    IReadOnlyList<PeriodicEntryInfo> Entries { get; }
}

/// <summary>A periodic task of this scheduler.</summary>
/// <param name="Id">The id under which inspectors show it; new for every registration.</param>
/// <param name="Task">The periodic task.</param>
/// <param name="Next">Its next tick; <see langword="null"/> when there is none within five years.</param>
/// <param name="Previous">Its last tick, whichever scheduler settled it; <see langword="null"/> when this one has seen
/// none.</param>
public sealed record PeriodicEntryInfo(string Id, PeriodicTask Task, DateTimeOffset? Next, DateTimeOffset? Previous);
