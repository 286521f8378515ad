namespace Mirai.Api.Tasks;

/// <summary>What one call did, or would do.</summary>
/// <param name="Count">How many tasks it acted on, or found (dry run).</param>
/// <param name="Cursor">Where the next call goes on; left out when all tasks were looked at.</param>
/// <param name="DryRun">Nothing was done.</param>
/// <param name="Sample">Some of the tasks that were found (dry run).</param>
internal sealed record BulkResponse(long Count, string? Cursor, bool DryRun, List<string>? Sample);
