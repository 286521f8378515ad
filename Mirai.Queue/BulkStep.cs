namespace Mirai.Queue;

/// <summary>What one call that acts on the tasks of a query did.</summary>
/// <param name="Count">How many tasks it acted on.</param>
/// <param name="Cursor">Where the next call goes on; <see langword="null"/> when all were looked at.</param>
public sealed record BulkStep(long Count, string? Cursor);
