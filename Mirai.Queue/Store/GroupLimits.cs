namespace Mirai.Queue.Store;

/// <summary>When a group is due.</summary>
/// <param name="GracePeriod">So long after the last task was added, in seconds.</param>
/// <param name="MaxDelay">So long after the first task was added, in seconds; 0: never.</param>
/// <param name="MaxSize">As soon as it has so many tasks, and never more in one set; 0: never.</param>
internal readonly record struct GroupLimits(long GracePeriod, long MaxDelay, int MaxSize);
