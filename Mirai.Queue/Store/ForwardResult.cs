namespace Mirai.Queue.Store;

/// <summary>The answer to one forward.</summary>
/// <param name="Moved">How many tasks were due.</param>
/// <param name="NextDue">When the next one is due; <see langword="null"/> when none waits.</param>
internal readonly record struct ForwardResult(int Moved, DateTimeOffset? NextDue);
