namespace Mirai.Queue.Legacy;

/// <summary>What one step of a move did.</summary>
/// <param name="Read">How many messages it looked at.</param>
/// <param name="Moved">How many it moved, by queue.</param>
/// <param name="Left">Those it left where they are.</param>
internal sealed record LegacyMove(
    int Read, IReadOnlyDictionary<string, int> Moved, IReadOnlyList<LegacyLeftTask> Left);
