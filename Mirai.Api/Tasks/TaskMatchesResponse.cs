namespace Mirai.Api.Tasks;

/// <summary>What one search found.</summary>
/// <param name="Tasks">The tasks, in no order.</param>
/// <param name="Cursor">Where the next search goes on; left out when all were looked at.</param>
internal sealed record TaskMatchesResponse(List<TaskResponse> Tasks, string? Cursor);
