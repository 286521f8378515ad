using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Which tasks a search or a bulk action means.</summary>
internal sealed record TaskSearchQuery
{
    private const int DefaultLimit = 1_000;
    private const int LongestText = 256;

    /// <summary>The state.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>The group of aggregating tasks.</summary>
    [FromQuery(Name = "group")]
    public string? Group { get; init; }

    /// <summary>The type, or its beginning followed by <c>*</c>.</summary>
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    /// <summary>Text that the last error contains.</summary>
    [FromQuery(Name = "error")]
    public string? Error { get; init; }

    /// <summary>How long a task must have been in the state, as a Go duration.</summary>
    [FromQuery(Name = "olderThan")]
    public string? OlderThan { get; init; }

    /// <summary>About how many tasks are looked at: 1 to 10,000; default 1,000.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public (TaskSelection Selection, Paging Step) Read(string queue) => Read(queue, new FieldErrors());

    /// <summary>Reads the query, and adds the fields that are wrong to the errors.</summary>
    /// <exception cref="InvalidRequestException">There are errors.</exception>
    public (TaskSelection Selection, Paging Step) Read(string queue, FieldErrors errors)
    {
        var state = FieldValues.State("state", State, errors);
        if (State is null)
        {
            errors.Add("state", "is required");
        }

        CheckGroup(state, errors);
        CheckTexts(errors);
        if (OlderThan is not null && state is TaskState.Scheduled or TaskState.Active)
        {
            errors.Add("olderThan", "is not for scheduled and active tasks: Redis does not store their age");
        }

        var group = FieldValues.Name("group", Group, errors);
        var age = FieldValues.Duration("olderThan", OlderThan, TimeSpan.Zero, errors);
        var limit = FieldValues.Number("limit", Limit, (1, Paging.MaxSize), errors) ?? DefaultLimit;
        errors.ThrowIfAny();

        // Always a filter, so that tasks are examined one by one and the locks of deleted ones are released.
        var filter = new TaskFilter { Type = Type, Error = Error, OlderThan = age };
        var selection = group is null
            ? TaskSelection.InState(queue, state!.Value, filter)
            : TaskSelection.InGroup(queue, group, filter);
        return (selection, new Paging { Size = limit, Cursor = Cursor });
    }

    private void CheckGroup(TaskState? state, FieldErrors errors)
    {
        if (state is not null && state == TaskState.Aggregating != Group is not null)
        {
            errors.Add("group", "is required for aggregating tasks, and not allowed for others");
        }
    }

    private void CheckTexts(FieldErrors errors)
    {
        if (Type is not null && !FieldValues.IsPattern(Type, alsoSlash: true))
        {
            errors.Add("type", "must be a type, or a prefix of types followed by *");
        }

        if (Error is { Length: 0 or > LongestText })
        {
            errors.Add("error", $"must have 1 to {LongestText} characters");
        }

        if (Cursor is { Length: 0 or > LongestText })
        {
            errors.Add("cursor", "must be the cursor of the previous answer");
        }
    }
}

/// <summary>Turns an argument that the inspector refuses into a wrong field of the request.</summary>
internal static class BadQuery
{
    public static async Task<T> NameAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ArgumentException exception) when (exception.ParamName is not null)
        {
            throw new InvalidRequestException(
                JsonNamingPolicy.CamelCase.ConvertName(exception.ParamName), WithoutParameter(exception));
        }
    }

    // "text. (Parameter 'name')"
    private static string WithoutParameter(ArgumentException exception) =>
        exception.Message.Split(" (Parameter")[0];
}
