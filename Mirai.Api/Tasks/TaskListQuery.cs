using Microsoft.AspNetCore.Mvc;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>What <c>GET /api/queues/{queue}/tasks</c> asks for.</summary>
internal sealed record TaskListQuery
{
    /// <summary>The state; default <c>pending</c>, or <c>aggregating</c> with a group.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>The group of aggregating tasks.</summary>
    [FromQuery(Name = "group")]
    public string? Group { get; init; }

    /// <summary>Which page, from 1.</summary>
    [FromQuery(Name = "page")]
    public string? Page { get; init; }

    /// <summary>1 to 100; default 30.</summary>
    [FromQuery(Name = "pageSize")]
    public string? PageSize { get; init; }

    public (TaskSelection Selection, Paging Page) Read(string queue)
    {
        var errors = new FieldErrors();
        var group = FieldValues.Name("group", Group, errors);
        var state = FieldValues.State("state", State, errors)
            ?? (Group is null ? TaskState.Pending : TaskState.Aggregating);
        if (state == TaskState.Aggregating != Group is not null)
        {
            errors.Add("group", "is required for aggregating tasks, and not allowed for others");
        }

        var paging = PageQuery.Read(Page, PageSize, errors);
        return (group is null ? TaskSelection.InState(queue, state) : TaskSelection.InGroup(queue, group), paging);
    }
}
