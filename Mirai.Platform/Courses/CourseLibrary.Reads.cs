using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

internal sealed partial class CourseLibrary
{
    public ValueTask<CacheEntry<LibraryIndex>> GetIndexAsync(CancellationToken cancellationToken = default) =>
        cache.GetOrCreateEntryAsync(
            CacheKeys.LibraryIndex, queries.ReadIndexAsync, cancellationToken: cancellationToken);

    public ValueTask<CacheEntry<IReadOnlyList<Folder>>> GetFoldersAsync(
        CancellationToken cancellationToken = default) =>
        cache.GetOrCreateEntryAsync(
            CacheKeys.FolderHierarchy, queries.ReadFoldersAsync, cancellationToken: cancellationToken);

    public async ValueTask<CacheEntry<IReadOnlyList<Course>>> GetCoursesAsync(
        CourseFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = await (filter switch
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

        // Both: the tag's list has the status, so its version is also that of the part.
        return filter is { Tag: not null, Status: { } wanted }
            ? new CacheEntry<IReadOnlyList<Course>>(
                [.. found.Value.Where(course => course.Status == CourseStatusText.Of(wanted))], found.ETag,
                found.Timestamp)
            : found;
    }

    public ValueTask<CacheEntry<IReadOnlyList<Course>>?> FindCoursesOfFolderAsync(
        Guid folderId, CancellationToken cancellationToken = default) =>
        FindAsync(
            CacheKeys.CoursesOfFolder(folderId.ToString()), token => queries.ReadOfFolderAsync(folderId, token),
            cancellationToken);

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
