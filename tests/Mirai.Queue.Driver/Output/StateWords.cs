namespace Mirai.Queue.Driver.Output;

/// <summary>Asynq's word for each state, which is also what Redis holds.</summary>
internal static class StateWords
{
    private static readonly Dictionary<TaskState, string> Words = new()
    {
        [TaskState.Pending] = "pending",
        [TaskState.Active] = "active",
        [TaskState.Scheduled] = "scheduled",
        [TaskState.Retry] = "retry",
        [TaskState.Archived] = "archived",
        [TaskState.Completed] = "completed",
        [TaskState.Aggregating] = "aggregating",
    };

    /// <summary>All states, as the contract of the driver lists them.</summary>
    public static IEnumerable<TaskState> All => Words.Keys;

    public static string Of(TaskState state) => Words[state];

    /// <summary>The state, or <see langword="null"/> when no state has that word.</summary>
    public static TaskState? TryParse(string word) =>
        Words.Where(state => state.Value == word).Select(state => (TaskState?)state.Key).FirstOrDefault();
}
