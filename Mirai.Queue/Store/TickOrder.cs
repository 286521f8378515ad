namespace Mirai.Queue.Store;

/// <summary>A tick to be settled.</summary>
/// <param name="Key">The periodic task.</param>
/// <param name="EntryId">Who enqueues it: one registration with one scheduler.</param>
/// <param name="Tick">When it was due.</param>
/// <param name="SkipsOverlap">Not while the task of the last tick waits or runs.</param>
/// <param name="Lifetime">How long the periodic task stays known from now on.</param>
internal readonly record struct TickOrder(
    PeriodicKey Key, string EntryId, DateTimeOffset Tick, bool SkipsOverlap, TimeSpan Lifetime);
