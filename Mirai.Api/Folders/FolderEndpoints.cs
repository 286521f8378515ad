using Mirai.Api.Library;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Library;

namespace Mirai.Api.Folders;

/// <summary>Folders and the courses in them. Answers that are refusals (400, 413, 415, 503) come from
/// exceptions.</summary>
internal static class FolderEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly LibraryResource Folders = new("folder", FolderRequest.ParentField);

    public static RouteGroupBuilder MapFolders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/folders").WithTags("Folders").WithEntityTags()
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", ListAsync).WithSummary("All folders, nested.").Produces<IReadOnlyList<Folder>>();
        group.MapGet("/{id}/courses", ListCoursesAsync).WithSummary("The courses of a folder.")
            .Produces<IReadOnlyList<Course>>();
        group.MapPost("", CreateAsync).WithSummary("Adds a folder.")
            .WithJsonBody<FolderRequest>(MaxBodyBytes).Produces<FolderResponse>(StatusCodes.Status201Created);
        group.MapPut("/{id}", UpdateAsync).WithSummary("Renames or moves a folder; needs If-Match of all folders.")
            .WithJsonBody<FolderRequest>(MaxBodyBytes).Produces<FolderResponse>();
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes an empty folder; needs If-Match of all folders.")
            .Produces(StatusCodes.Status204NoContent);
        return group;
    }

    private static async Task<object> ListAsync(CourseLibrary library, CancellationToken cancellationToken) =>
        await library.GetFoldersAsync(cancellationToken);

    private static Task<object> ListCoursesAsync(
        string id, CourseLibrary library, CancellationToken cancellationToken) =>
        Folders.FindAsync(id, known => library.FindCoursesOfFolderAsync(known, cancellationToken));

    private static async Task<object> CreateAsync(
        HttpRequest request, CourseLibrary library, CancellationToken cancellationToken)
    {
        var content = (await JsonBody.ReadAsync<FolderRequest>(request, cancellationToken)).Read();
        var (id, status) = await library.CreateFolderAsync(content, cancellationToken);

        return Folders.RefusalToAdd(status)
            ?? TypedResults.Created($"/api/folders/{id}/courses", FolderResponse.From(id, content));
    }

    private static async Task<object> UpdateAsync(
        string id, HttpRequest request, RequestCondition condition, CourseLibrary library,
        CancellationToken cancellationToken)
    {
        FolderContent? content = null;
        return await Folders.ChangeAsync(
            id, condition,
            async (known, expected) =>
            {
                content = (await JsonBody.ReadAsync<FolderRequest>(request, cancellationToken)).Read();
                return await library.UpdateFolderAsync(known, content, expected, cancellationToken);
            },
            known => Task.FromResult<object>(TypedResults.Ok(FolderResponse.From(known, content!))));
    }

    private static Task<object> DeleteAsync(
        string id, RequestCondition condition, CourseLibrary library, CancellationToken cancellationToken) =>
        Folders.ChangeAsync(
            id, condition,
            (known, expected) => library.DeleteFolderAsync(known, expected, cancellationToken),
            _ => Task.FromResult<object>(TypedResults.NoContent()));
}

/// <summary>Body of <c>POST /api/folders</c> and <c>PUT /api/folders/{id}</c>.</summary>
internal sealed record FolderRequest
{
    public const string ParentField = "parentId";

    public string? Name { get; init; }

    /// <summary>The folder that contains it; none for one at the top.</summary>
    public string? ParentId { get; init; }

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public FolderContent Read()
    {
        var errors = new FieldErrors();
        var content = new FolderContent(Name ?? "", FieldValues.Id(ParentField, ParentId, errors));
        foreach (var (field, error) in content.Check())
        {
            errors.Add(field, error);
        }

        errors.ThrowIfAny();
        return content;
    }
}

/// <summary>A folder that was added or changed.</summary>
internal sealed record FolderResponse(Guid Id, string Name, Guid? ParentId)
{
    public static FolderResponse From(Guid id, FolderContent content) => new(id, content.Name, content.ParentId);
}
