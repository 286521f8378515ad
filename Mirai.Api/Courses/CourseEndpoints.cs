using Mirai.Api.Library;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Library;

namespace Mirai.Api.Courses;

/// <summary>Courses. Answers that are refusals (400, 413, 415, 503) come from exceptions.</summary>
internal static class CourseEndpoints
{
    private const int MaxBodyBytes = 8 * 1024 * 1024;

    private static readonly LibraryResource Courses = new("course", "folderId");

    public static RouteGroupBuilder MapCourses(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/courses").WithTags("Courses").WithEntityTags()
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", ListAsync).WithSummary("All courses, or those of a status or a tag.")
            .Produces<IReadOnlyList<Course>>();
        group.MapGet("/{id}", GetAsync).WithSummary("A course with its lessons.").Produces<Course>();
        group.MapPost("", CreateAsync).WithSummary("Adds a course.")
            .WithJsonBody<CourseRequest>(MaxBodyBytes).Produces<Course>(StatusCodes.Status201Created);
        group.MapPut("/{id}", UpdateAsync).WithSummary("Replaces a course; needs If-Match.")
            .WithJsonBody<CourseRequest>(MaxBodyBytes).Produces<Course>();
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes a course; needs If-Match.")
            .Produces(StatusCodes.Status204NoContent);
        return group;
    }

    private static async Task<object> ListAsync(
        string? status, string? tag, CourseLibrary library, CancellationToken cancellationToken) =>
        await library.GetCoursesAsync(CourseRequest.ReadFilter(status, tag), cancellationToken);

    private static Task<object> GetAsync(string id, CourseLibrary library, CancellationToken cancellationToken) =>
        Courses.FindAsync(id, known => library.FindCourseAsync(known, cancellationToken));

    private static async Task<object> CreateAsync(
        HttpContext http, CourseLibrary library, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<CourseRequest>(http.Request, cancellationToken);
        var (id, status) = await library.CreateCourseAsync(body.Read(), cancellationToken);
        if (Courses.RefusalToAdd(status) is { } refusal)
        {
            return refusal;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/api/courses/{id}";
        return await ShowAsync(id, library, cancellationToken);
    }

    private static Task<object> UpdateAsync(
        string id, HttpRequest request, RequestCondition condition, CourseLibrary library,
        CancellationToken cancellationToken) =>
        Courses.ChangeAsync(
            id, condition,
            async (known, expected) =>
            {
                var body = await JsonBody.ReadAsync<CourseRequest>(request, cancellationToken);
                return await library.UpdateCourseAsync(known, body.Read(), expected, cancellationToken);
            },
            known => ShowAsync(known, library, cancellationToken));

    private static Task<object> DeleteAsync(
        string id, RequestCondition condition, CourseLibrary library, CancellationToken cancellationToken) =>
        Courses.ChangeAsync(
            id, condition,
            (known, expected) => library.DeleteCourseAsync(known, expected, cancellationToken),
            _ => Task.FromResult<object>(TypedResults.NoContent()));

    // Another caller may have deleted the course since it was written.
    private static async Task<object> ShowAsync(
        Guid id, CourseLibrary library, CancellationToken cancellationToken) =>
        (object?)await library.FindCourseAsync(id, cancellationToken) ?? Courses.NotFound(id.ToString());
}
