namespace Mirai.Queue.Scheduler;

/// <summary>A periodic task that the code names.</summary>
internal sealed class FixedPeriodicTask(PeriodicTask task) : IPeriodicTaskProvider
{
    public ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken) => new([task]);
}
