namespace Mirai.Queue.Store;

/// <summary>The answer to one tick.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Settled">The last tick settled, by whomever: this one or a later one.</param>
internal readonly record struct TickReply(TickOutcome Outcome, DateTimeOffset Settled);
