namespace Mirai.Queue;

/// <summary>The tasks that a method of <see cref="IQueueInspector"/> reads or changes.</summary>
/// <example><code>
/// TaskSelection.One("mail", taskId)
/// TaskSelection.InState("mail", TaskState.Archived)
/// TaskSelection.InState("mail", TaskState.Archived, new TaskFilter { Error = "refused" })
/// TaskSelection.InGroup("mail", "digest:42")
/// </code></example>
public sealed class TaskSelection
{
    private TaskSelection(string queue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        Queue = queue;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>The id of the one selected task; <see langword="null"/> for other selections.</summary>
    public string? TaskId { get; private init; }

    /// <summary>The state of the selected tasks; <see langword="null"/> when one task is selected.</summary>
    public TaskState? State { get; private init; }

    /// <summary>The group of aggregating tasks; <see langword="null"/> for tasks in other states.</summary>
    public string? Group { get; private init; }

    /// <summary>The conditions that each task must meet; <see langword="null"/> for none.</summary>
    public TaskFilter? Filter { get; private init; }

    /// <summary>Selects one task, whatever its state.</summary>
    /// <param name="queue">The task's queue.</param>
    /// <param name="taskId">The task's id.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="ArgumentException">An argument is empty.</exception>
    public static TaskSelection One(string queue, string taskId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);

        return new TaskSelection(queue) { TaskId = taskId };
    }

    /// <summary>Selects the tasks of a queue that are in a state.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="state">The state, except <see cref="TaskState.Aggregating"/>: see <see cref="InGroup"/>.</param>
    /// <param name="filter">Conditions that each task must meet; <see langword="null"/> for none.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="ArgumentException">The queue is empty, the state is aggregating or unknown, or the filter asks
    /// for the age of scheduled or active tasks.</exception>
    public static TaskSelection InState(string queue, TaskState state, TaskFilter? filter = null)
    {
        if (state == TaskState.Aggregating || !Enum.IsDefined(state))
        {
            throw new ArgumentException(
                state == TaskState.Aggregating
                    ? "Aggregating tasks are selected by their group."
                    : $"{state} is not a state of a task.",
                nameof(state));
        }

        if (filter?.OlderThan is not null && state is TaskState.Scheduled or TaskState.Active)
        {
            throw new ArgumentException(
                $"{nameof(TaskFilter.OlderThan)} does not apply to scheduled and active tasks: Redis does not store " +
                "when they entered that state.",
                nameof(filter));
        }

        return new TaskSelection(queue) { State = state, Filter = filter };
    }

    /// <summary>Selects the tasks of a group. Lists show the tasks that are being aggregated, too (with a filter, up to
    /// 1,000 of each aggregation, before the first page); changes leave those alone.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="group">The group.</param>
    /// <param name="filter">Conditions that each task must meet; <see langword="null"/> for none.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="ArgumentException">The queue or the group is empty.</exception>
    public static TaskSelection InGroup(string queue, string group, TaskFilter? filter = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);

        return new TaskSelection(queue) { State = TaskState.Aggregating, Group = group, Filter = filter };
    }
}

/// <summary>Conditions on tasks; a task must meet all that are set. Tasks are examined one by one, so that the work
/// grows with the number of tasks in the state, not with the number of matches.</summary>
public sealed class TaskFilter
{
    private readonly TimeSpan? olderThan;

    /// <summary>The type, or its beginning followed by <c>*</c>; <see langword="null"/> for all types.</summary>
    public string? Type { get; init; }

    /// <summary>Text that the last error contains, in any case; <see langword="null"/> for all tasks.</summary>
    public string? Error { get; init; }

    /// <summary>The time for which a task has been in its state: since it became pending, last failed (retry), was
    /// archived, completed, or was added to its group. <see langword="null"/> for all tasks. Redis does not store this
    /// time for scheduled and active tasks, nor for pending tasks that an inspector has run: the former are refused,
    /// the latter do not match.</summary>
    /// <value>Zero or more.</value>
    public TimeSpan? OlderThan
    {
        get => olderThan;
        init => olderThan = value is { Ticks: < 0 }
            ? throw new ArgumentOutOfRangeException(nameof(OlderThan), value, "An age is zero or more.")
            : value;
    }
}
