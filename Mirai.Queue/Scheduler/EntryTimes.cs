namespace Mirai.Queue.Scheduler;

/// <summary>Where an entry stands.</summary>
/// <param name="Next">Its next tick, if there is one.</param>
/// <param name="Previous">The last tick that was settled while this scheduler had it, if there was one.</param>
internal sealed record EntryTimes(DateTimeOffset? Next, DateTimeOffset? Previous);
