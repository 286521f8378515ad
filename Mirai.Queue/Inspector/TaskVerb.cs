using Mirai.Queue.Wire;

namespace Mirai.Queue.Inspector;

/// <summary>A change that an inspector makes to tasks.</summary>
/// <param name="Participle">The change in the texts of exceptions: "cannot be run".</param>
/// <param name="States">The states in which tasks can be changed so.</param>
internal sealed record TaskVerb(string Participle, params TaskState[] States)
{
    public static readonly TaskVerb Run = new(
        "run", TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed, TaskState.Aggregating);

    public static readonly TaskVerb Archive = new(
        "archived", TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Completed,
        TaskState.Aggregating);

    public static readonly TaskVerb Delete = new(
        "deleted", TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed,
        TaskState.Aggregating);

    public static readonly TaskVerb Reschedule = new("rescheduled", TaskState.Scheduled, TaskState.Retry);

    public static readonly TaskVerb UpdatePayload = new("given another payload", TaskState.Scheduled);

    public static readonly TaskVerb Cancel = new("cancelled", TaskState.Active);

    /// <exception cref="ArgumentException">Tasks in that state cannot be changed so.</exception>
    public void Require(TaskState state)
    {
        if (!States.Contains(state))
        {
            throw new ArgumentException(
                $"Tasks that are {TaskStateWord.Of(state)} cannot be {Participle}.", nameof(state));
        }
    }
}
