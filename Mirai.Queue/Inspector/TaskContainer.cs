using Mirai.Queue.Wire;

namespace Mirai.Queue.Inspector;

/// <summary>What holds the ids of the tasks in one state.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="State">The state.</param>
/// <param name="Group">The group of aggregating tasks.</param>
internal sealed record TaskContainer(string Queue, TaskState State, string? Group = null)
{
    /// <summary>Ids are in a list; otherwise in a sorted set.</summary>
    public bool IsList => State is TaskState.Pending or TaskState.Active;

    /// <summary>The key.</summary>
    public string Key => Group is null
        ? QueueKeys.Of(Queue).Prefix + TaskStateWord.Of(State)
        : QueueKeys.Of(Queue).Group(Group);

    /// <summary>The container, if such tasks can be asked for.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public static TaskContainer Create(
        string queue, TaskState state, string? group, string action, ReadOnlySpan<TaskState> states)
    {
        if (!states.Contains(state))
        {
            throw new ArgumentException(
                $"Tasks that are {TaskStateWord.Of(state)} cannot be {action}.", nameof(state));
        }

        if (state == TaskState.Aggregating)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(group);
        }
        else if (group is not null)
        {
            throw new ArgumentException("Only aggregating tasks have a group.", nameof(group));
        }

        return new TaskContainer(queue, state, group);
    }
}
