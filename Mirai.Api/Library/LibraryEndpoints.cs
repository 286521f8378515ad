using Mirai.Api.Security;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Library;

namespace Mirai.Api.Library;

/// <summary>The library at a glance.</summary>
internal static class LibraryEndpoints
{
    public static RouteGroupBuilder MapLibrary(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/library").WithTags("Library").WithEntityTags()
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", GetAsync).WithSummary("All folders and courses.").Produces<LibraryIndex>();
        return group;
    }

    // An entry of the cache becomes its data, its ETag and 304 in the filter of entity tags.
    private static async Task<object> GetAsync(CourseLibrary library, CancellationToken cancellationToken) =>
        await library.GetIndexAsync(cancellationToken);
}
