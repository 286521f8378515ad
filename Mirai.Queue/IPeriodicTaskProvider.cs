namespace Mirai.Queue;

/// <summary>Says which periodic tasks there are, at start and again every
/// <see cref="QueueSchedulerOptions.SyncInterval"/>: they come, change and go without a restart. One that does not
/// change keeps its entry.</summary>
public interface IPeriodicTaskProvider
{
    /// <summary>All periodic tasks of this provider. If this fails, or one of them is not valid, the program stops at
    /// start, and changes nothing of what the provider said before at run time.</summary>
    /// <param name="cancellationToken">Fires when the scheduler stops.</param>
    /// <returns>The periodic tasks; no two may be alike unless they have names.</returns>
    ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken);
}
