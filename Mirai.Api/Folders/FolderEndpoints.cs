using Mirai.Api.Library;
using Mirai.Api.OpenApi;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Library;

namespace Mirai.Api.Folders;

/// <summary>Folders and the courses in them.</summary>
internal static class FolderEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;
    private const string ParentField = "parentId";

    public static RouteGroupBuilder MapFolders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/folders").WithTags("Folders").WithEntityTags()
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", ListAsync).WithSummary("All folders, nested.").Produces<IReadOnlyList<Folder>>();
        group.MapGet("/{id}/courses", ListCoursesAsync).WithSummary("The courses of a folder.")
            .Produces<IReadOnlyList<Course>>();
        group.MapPost("", CreateAsync).WithSummary("Adds a folder.").WithJsonBody<FolderRequest>()
            .WithBodyLimit(MaxBodyBytes)
            .Produces<FolderResponse>(StatusCodes.Status201Created);
        group.MapPut("/{id}", UpdateAsync).WithSummary("Renames or moves a folder; needs If-Match of all folders.")
            .WithJsonBody<FolderRequest>().WithBodyLimit(MaxBodyBytes).Produces<FolderResponse>();
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes an empty folder; needs If-Match of all folders.")
            .Produces(StatusCodes.Status204NoContent);
        return group;
    }

    // An entry of the cache becomes its data, its ETag and 304 in the filter of entity tags.
    private static async Task<object> ListAsync(CourseLibrary library, CancellationToken cancellationToken) =>
        await library.GetFoldersAsync(cancellationToken);

    private static async Task<object> ListCoursesAsync(
        string id, CourseLibrary library, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var known)
            && await library.FindCoursesOfFolderAsync(known, cancellationToken) is { } courses
            ? courses
            : LibraryAnswer.NotFound(Named(id));

    private static async Task<object> CreateAsync(
        HttpRequest request, CourseLibrary library, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(request, cancellationToken);
        var (id, status) = await library.CreateFolderAsync(content, cancellationToken);

        return (object?)LibraryAnswer.Refusal(status, "folder", ParentField) ?? TypedResults.Created(
            $"/api/folders/{id}/courses", new FolderResponse(id, content.Name, content.ParentId));
    }

    private static async Task<object> UpdateAsync(
        string id, HttpRequest request, RequestCondition condition, CourseLibrary library,
        CancellationToken cancellationToken)
    {
        if (condition.Condition is not { } wanted)
        {
            return LibraryAnswer.ConditionMissing();
        }

        var content = await ReadAsync(request, cancellationToken);
        var status = Guid.TryParse(id, out var known)
            ? await library.UpdateFolderAsync(known, content, wanted, cancellationToken)
            : LibraryWriteStatus.NotFound;

        return (object?)LibraryAnswer.Refusal(status, Named(id), ParentField)
            ?? TypedResults.Ok(new FolderResponse(known, content.Name, content.ParentId));
    }

    private static async Task<object> DeleteAsync(
        string id, RequestCondition condition, CourseLibrary library, CancellationToken cancellationToken)
    {
        if (condition.Condition is not { } wanted)
        {
            return LibraryAnswer.ConditionMissing();
        }

        var status = Guid.TryParse(id, out var known)
            ? await library.DeleteFolderAsync(known, wanted, cancellationToken)
            : LibraryWriteStatus.NotFound;

        return (object?)LibraryAnswer.Refusal(status, Named(id), ParentField) ?? TypedResults.NoContent();
    }

    private static async Task<FolderContent> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.LimitBody(MaxBodyBytes);
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.FolderRequest, cancellationToken);
        var errors = new FieldErrors();
        var content = new FolderContent(body.Name ?? "", FieldValues.Id(ParentField, body.ParentId, errors));
        foreach (var (field, error) in content.Check())
        {
            errors.Add(field, error);
        }

        errors.ThrowIfAny();
        return content;
    }

    private static string Named(string id) => $"folder \"{id}\"";
}
