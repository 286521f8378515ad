namespace Mirai.Queue;

/// <summary>One tick of a periodic task.</summary>
/// <param name="EntryId">The id under which inspectors show the periodic task of this scheduler.</param>
/// <param name="Task">The periodic task.</param>
/// <param name="DueAt">When the tick was due.</param>
public sealed record PeriodicTick(string EntryId, PeriodicTask Task, DateTimeOffset DueAt);
