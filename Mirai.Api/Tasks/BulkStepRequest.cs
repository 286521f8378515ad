using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>A step of a bulk action, as it was asked for.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Selection">The tasks.</param>
/// <param name="Step">Where the step begins, and how many tasks it examines.</param>
/// <param name="Due">When they are due, to reschedule.</param>
/// <param name="IsDryRun">Only count.</param>
internal sealed record BulkStepRequest(
    BulkAction Action, TaskSelection Selection, Paging Step, DateTimeOffset? Due, bool IsDryRun);
