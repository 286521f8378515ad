using Mirai.Api.Library;
using Mirai.Api.OpenApi;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Library;

namespace Mirai.Api.Courses;

/// <summary>Courses.</summary>
internal static class CourseEndpoints
{
    private const int MaxBodyBytes = 8 * 1024 * 1024;
    private const string FolderField = "folderId";

    public static RouteGroupBuilder MapCourses(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/courses").WithTags("Courses").WithEntityTags()
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", ListAsync).WithSummary("All courses, or those of a status or a tag.")
            .Produces<IReadOnlyList<Course>>();
        group.MapGet("/{id}", GetAsync).WithSummary("A course with its lessons.").Produces<Course>();
        group.MapPost("", CreateAsync).WithSummary("Adds a course.").WithJsonBody<CourseRequest>()
            .WithBodyLimit(MaxBodyBytes)
            .Produces<Course>(StatusCodes.Status201Created);
        group.MapPut("/{id}", UpdateAsync).WithSummary("Replaces a course; needs If-Match.")
            .WithJsonBody<CourseRequest>().WithBodyLimit(MaxBodyBytes).Produces<Course>();
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes a course; needs If-Match.")
            .Produces(StatusCodes.Status204NoContent);
        return group;
    }

    // An entry of the cache becomes its data, its ETag and 304 in the filter of entity tags; other answers (400, 413,
    // 415, 503) come from exceptions.
    private static async Task<object> ListAsync(
        string? status, string? tag, CourseLibrary library, CancellationToken cancellationToken) =>
        await library.GetCoursesAsync(CourseFields.Filter(status, tag), cancellationToken);

    private static async Task<object> GetAsync(
        string id, CourseLibrary library, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var known) && await library.FindCourseAsync(known, cancellationToken) is { } course
            ? course
            : LibraryAnswer.NotFound(Named(id));

    private static async Task<object> CreateAsync(
        HttpContext http, CourseLibrary library, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(http.Request, cancellationToken);
        var (id, status) = await library.CreateCourseAsync(content, cancellationToken);
        if (LibraryAnswer.Refusal(status, "course", FolderField) is { } refusal)
        {
            return refusal;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/api/courses/{id}";
        return await ShowAsync(id, library, cancellationToken);
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
            ? await library.UpdateCourseAsync(known, content, wanted, cancellationToken)
            : LibraryWriteStatus.NotFound;

        return LibraryAnswer.Refusal(status, Named(id), FolderField)
            ?? await ShowAsync(known, library, cancellationToken);
    }

    private static async Task<object> DeleteAsync(
        string id, RequestCondition condition, CourseLibrary library, CancellationToken cancellationToken)
    {
        if (condition.Condition is not { } wanted)
        {
            return LibraryAnswer.ConditionMissing();
        }

        var status = Guid.TryParse(id, out var known)
            ? await library.DeleteCourseAsync(known, wanted, cancellationToken)
            : LibraryWriteStatus.NotFound;

        return (object?)LibraryAnswer.Refusal(status, Named(id), FolderField) ?? TypedResults.NoContent();
    }

    private static async Task<CourseContent> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.LimitBody(MaxBodyBytes);
        return CourseFields.Read(
            await JsonBody.ReadAsync(request, ApiJson.Default.CourseRequest, cancellationToken));
    }

    // Somebody may have deleted it since.
    private static async Task<object> ShowAsync(
        Guid id, CourseLibrary library, CancellationToken cancellationToken) =>
        (object?)await library.FindCourseAsync(id, cancellationToken) ?? LibraryAnswer.NotFound(Named(id.ToString()));

    private static string Named(string id) => $"course \"{id}\"";
}
