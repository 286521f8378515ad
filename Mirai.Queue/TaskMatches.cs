namespace Mirai.Queue;

/// <summary>What one search found.</summary>
/// <param name="Tasks">The tasks, in no order. One that moves during a search may be found twice.</param>
/// <param name="Cursor">Where the next search goes on; <see langword="null"/> when all were looked at.</param>
public sealed record TaskMatches(IReadOnlyList<TaskInfo> Tasks, string? Cursor);
