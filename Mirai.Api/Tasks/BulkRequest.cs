using System.Globalization;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Body of <c>POST /api/queues/{queue}/tasks/bulk</c>.</summary>
internal sealed record BulkRequest
{
    /// <summary><c>run</c>, <c>archive</c>, <c>delete</c>, <c>cancel</c> or <c>reschedule</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The state of the tasks.</summary>
    public string? State { get; init; }

    /// <summary>The group of aggregating tasks.</summary>
    public string? Group { get; init; }

    /// <summary>The type, or its beginning followed by <c>*</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Text that the last error contains.</summary>
    public string? Error { get; init; }

    /// <summary>How long a task must have been in the state, as a Go duration.</summary>
    public string? OlderThan { get; init; }

    /// <summary>When the tasks are due (reschedule), in RFC 3339.</summary>
    public string? ProcessAt { get; init; }

    /// <summary>How long from now the tasks are due (reschedule) as a Go duration, such as <c>1m30s</c>.</summary>
    public string? ProcessIn { get; init; }

    /// <summary>Only counts.</summary>
    public bool? DryRun { get; init; }

    /// <summary>About how many tasks one call looks at: 1 to 10,000; default 1,000.</summary>
    public int? Limit { get; init; }

    /// <summary>Where to go on: what the last answer said.</summary>
    public string? Cursor { get; init; }

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public BulkStepRequest Read(string queue, TimeProvider time)
    {
        var errors = new FieldErrors();
        var action = ReadAction(errors);
        if (action is not null && FieldValues.State("state", State, new FieldErrors()) is { } state
            && !States(action.Value).Contains(state))
        {
            errors.Add(
                "state",
                $"must be one of {string.Join(", ", States(action.Value).Select(FieldValues.Word))} for that action");
        }

        var due = FieldValues.DueTime(ProcessAt, ProcessIn, time, errors);
        if (action == BulkAction.Reschedule == (ProcessAt ?? ProcessIn) is null)
        {
            errors.Add("processAt", "is required to reschedule, and not allowed otherwise");
        }

        var (selection, step) = Filter.Read(queue, errors);
        return new BulkStepRequest(action!.Value, selection, step, due, DryRun == true);
    }

    private TaskSearchQuery Filter => new()
    {
        State = State,
        Group = Group,
        Type = Type,
        Error = Error,
        OlderThan = OlderThan,
        Limit = Limit?.ToString(CultureInfo.InvariantCulture),
        Cursor = Cursor,
    };

    private BulkAction? ReadAction(FieldErrors errors)
    {
        foreach (var action in Enum.GetValues<BulkAction>())
        {
            if (Action == Word(action))
            {
                return action;
            }
        }

        errors.Add("action", $"must be one of {string.Join(", ", Enum.GetValues<BulkAction>().Select(Word))}");
        return null;
    }

    private static TaskState[] States(BulkAction action) => action switch
    {
        BulkAction.Run =>
            [TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed, TaskState.Aggregating],
        BulkAction.Archive =>
            [TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Completed, TaskState.Aggregating],
        BulkAction.Cancel => [TaskState.Active],
        BulkAction.Reschedule => [TaskState.Scheduled, TaskState.Retry],
        _ => [.. Enum.GetValues<TaskState>().Where(state => state != TaskState.Active)],
    };

    private static string Word(BulkAction action) => action.ToString().ToLowerInvariant();
}

/// <summary>An action on many tasks.</summary>
internal enum BulkAction
{
    Run,
    Archive,
    Delete,
    Cancel,
    Reschedule,
}

/// <summary>One step of a bulk action, with its fields checked.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Selection">The tasks.</param>
/// <param name="Step">Where the step begins, and how many tasks it examines.</param>
/// <param name="Due">When they are due, to reschedule.</param>
/// <param name="IsDryRun">Only count.</param>
internal sealed record BulkStepRequest(
    BulkAction Action, TaskSelection Selection, Paging Step, DateTimeOffset? Due, bool IsDryRun);
