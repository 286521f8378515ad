namespace Mirai.Queue;

/// <summary>What a queue did on one day.</summary>
/// <param name="Date">The day, UTC.</param>
/// <param name="Processed">Attempts that ended, failed ones included.</param>
/// <param name="Failed">Attempts that failed.</param>
public sealed record QueueDay(DateOnly Date, long Processed, long Failed);
