namespace Mirai.Queue.Wire;

/// <summary>The words for states in Redis. All words but "aggregating" are also the last part of the key of their
/// container.</summary>
internal static class TaskStateWord
{
    public static string Of(TaskState state) => state switch
    {
        TaskState.Active => "active",
        TaskState.Pending => "pending",
        TaskState.Scheduled => "scheduled",
        TaskState.Retry => "retry",
        TaskState.Archived => "archived",
        TaskState.Completed => "completed",
        TaskState.Aggregating => "aggregating",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "There is no such state."),
    };

    /// <summary>The state; <see langword="null"/> when the word is unknown.</summary>
    public static TaskState? TryParse(string? word) => word switch
    {
        "active" => TaskState.Active,
        "pending" => TaskState.Pending,
        "scheduled" => TaskState.Scheduled,
        "retry" => TaskState.Retry,
        "archived" => TaskState.Archived,
        "completed" => TaskState.Completed,
        "aggregating" => TaskState.Aggregating,
        _ => null,
    };
}
