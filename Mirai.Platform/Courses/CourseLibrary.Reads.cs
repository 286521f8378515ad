using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

// The part that reads through the cache.
public sealed partial class CourseLibrary
{
    /// <summary>Reads the whole library: folders and courses without lessons.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Folders and courses.</returns>
    public ValueTask<CacheEntry<LibraryIndex>> GetIndexAsync(CancellationToken cancellationToken = default) =>
        cache.GetOrCreateEntryAsync(
            CacheKeys.LibraryIndex, queries.ReadIndexAsync, cancellationToken: cancellationToken);

    /// <summary>Reads the folders at the top, each with the folders that it contains.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The folders by name.</returns>
    public ValueTask<CacheEntry<IReadOnlyList<Folder>>> GetFoldersAsync(
        CancellationToken cancellationToken = default) =>
        cache.GetOrCreateEntryAsync(
            CacheKeys.FolderHierarchy, queries.ReadFoldersAsync, cancellationToken: cancellationToken);

    /// <summary>Reads all courses, those of a status, or those with a tag.</summary>
    /// <param name="filter">The courses to read.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The courses by title, without lessons; at most <see cref="CourseLimits.LongestList"/>.</returns>
    public async ValueTask<CacheEntry<IReadOnlyList<Course>>> GetCoursesAsync(
        CourseFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var entry = await (filter switch
        {
            { Tag: { } tag } => cache.GetOrCreateEntryAsync(
                CacheKeys.CoursesWithTag(tag), token => queries.ReadWithTagAsync(tag, token),
                cancellationToken: cancellationToken),
            { Status: { } status } => cache.GetOrCreateEntryAsync(
                CacheKeys.CoursesWithStatus(CourseStatusText.Of(status)),
                token => queries.ReadWithStatusAsync(status, token), cancellationToken: cancellationToken),
            _ => cache.GetOrCreateEntryAsync(
                CacheKeys.AllCourses, queries.ReadAllAsync, cancellationToken: cancellationToken),
        });

        // With tag and status: the entry of the tag holds the status of each course, so the version of that entry is
        // also a version of the courses that remain.
        return filter is { Tag: not null, Status: { } wanted }
            ? new CacheEntry<IReadOnlyList<Course>>(
                [.. entry.Value.Where(course => course.Status == CourseStatusText.Of(wanted))], entry.ETag,
                entry.Timestamp)
            : entry;
    }

    /// <summary>Reads the courses of a folder.</summary>
    /// <param name="folderId">The folder.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The courses by title, without lessons; <see langword="null"/> when there is no such folder.</returns>
    public ValueTask<CacheEntry<IReadOnlyList<Course>>?> FindCoursesOfFolderAsync(
        Guid folderId, CancellationToken cancellationToken = default) =>
        FindAsync(
            CacheKeys.CoursesOfFolder(folderId.ToString()), token => queries.ReadOfFolderAsync(folderId, token),
            cancellationToken);

    /// <summary>Reads a course with its lessons.</summary>
    /// <param name="id">The course.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="null"/> when there is no such course.</returns>
    public ValueTask<CacheEntry<Course>?> FindCourseAsync(Guid id, CancellationToken cancellationToken = default) =>
        FindAsync(
            CacheKeys.Course(id.ToString()), token => queries.ReadCourseAsync(id, token), cancellationToken);

    private async ValueTask<CacheEntry<T>?> FindAsync<T>(
        CacheKey<T> key, Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.GetOrCreateEntryAsync(key, read, cancellationToken: cancellationToken);
        }
        catch (NotInLibraryException)
        {
            return null;
        }
    }
}

/// <summary>Which courses to read: all of them, or those that match every property that is set.</summary>
/// <param name="Status">The status.</param>
/// <param name="Tag">The tag.</param>
public sealed record CourseFilter(CourseStatus? Status = null, string? Tag = null);
