using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

/// <summary>A list or sorted set of messages in the legacy layout.</summary>
/// <param name="Key">The key.</param>
/// <param name="State">The state of the tasks there.</param>
internal sealed record LegacyPlace(string Key, TaskState State)
{
    /// <summary>The sets of all queues.</summary>
    public static readonly IReadOnlyList<LegacyPlace> Sets =
    [
        new(LegacyKeys.Scheduled, TaskState.Scheduled), new(LegacyKeys.Retry, TaskState.Retry),
        new(LegacyKeys.Dead, TaskState.Archived),
    ];

    /// <summary>The list of the active tasks of all queues.</summary>
    public static readonly LegacyPlace Active = new(LegacyKeys.InProgress, TaskState.Active);

    public bool IsList => State is TaskState.Pending or TaskState.Active;

    /// <summary>The place of a queue's tasks in a state; <see langword="null"/> when this layout has no such
    /// tasks.</summary>
    public static LegacyPlace? Of(string queue, TaskState state) => state switch
    {
        TaskState.Pending => Queue(LegacyKeys.Queue(queue)),
        TaskState.Active => Active,
        _ => Sets.FirstOrDefault(place => place.State == state),
    };

    public static LegacyPlace Queue(string listKey) => new(listKey, TaskState.Pending);

    /// <summary>The state, in Asynq's word.</summary>
    public string Word => State switch
    {
        TaskState.Pending => "pending",
        TaskState.Scheduled => "scheduled",
        TaskState.Retry => "retry",
        _ => "archived",
    };

    /// <summary>The set that holds these tasks in the current layout; pending tasks have none.</summary>
    public string SetOf(string queue) => QueueKeys.Of(queue).Prefix + Word;
}
