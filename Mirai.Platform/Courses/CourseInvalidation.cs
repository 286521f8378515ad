using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Deletes exactly the cache entries that a change touches. While Redis is away, the cache remembers the
/// deletions and makes them before it serves an entry again.</summary>
internal sealed class CourseInvalidation(ICache cache)
{
    /// <summary>A course was added, changed or deleted.</summary>
    /// <param name="id">The course.</param>
    /// <param name="before">The course as lists showed it; <see langword="null"/> when it is new.</param>
    /// <param name="after">The course as lists show it now; <see langword="null"/> when it is deleted.</param>
    public Task CourseChangedAsync(Guid id, Course? before, Course? after)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        List<CacheKey> touched = [CacheKeys.Course(id.ToString())];
        if (!IsListedAlike(before, after))
        {
            touched.AddRange([CacheKeys.LibraryIndex, CacheKeys.AllCourses]);
            touched.AddRange(ListsOf(before));
            touched.AddRange(ListsOf(after));
        }

        return DeleteAsync(touched.Where(key => names.Add(key.Name)));
    }

    /// <summary>A folder was added, changed or deleted.</summary>
    public Task FolderChangedAsync(Guid id, bool isDeleted) => DeleteAsync(isDeleted
        ? [CacheKeys.FolderHierarchy, CacheKeys.LibraryIndex, CacheKeys.CoursesOfFolder(id.ToString())]
        : [CacheKeys.FolderHierarchy, CacheKeys.LibraryIndex]);

    // Lists contain neither versions nor lessons.
    private static bool IsListedAlike(Course? before, Course? after) =>
        before is not null && after is not null
        && (before.Title, before.Summary, before.FolderId, before.Status)
            == (after.Title, after.Summary, after.FolderId, after.Status)
        && before.Tags.SequenceEqual(after.Tags);

    private static IEnumerable<CacheKey> ListsOf(Course? course)
    {
        if (course is null)
        {
            yield break;
        }

        yield return CacheKeys.CoursesWithStatus(course.Status!);
        if (course.FolderId is { } folder)
        {
            yield return CacheKeys.CoursesOfFolder(folder);
        }

        foreach (var tag in course.Tags)
        {
            yield return CacheKeys.CoursesWithTag(tag);
        }
    }

    // The caller's token does not cancel these deletions: readers must see what is committed.
    private Task<CacheWriteResult[]> DeleteAsync(IEnumerable<CacheKey> keys) =>
        Task.WhenAll(keys.Select(key => cache.DeleteAsync(key, cancellationToken: CancellationToken.None).AsTask()));
}
