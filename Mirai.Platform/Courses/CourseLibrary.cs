using System.Data.Common;
using Mirai.Cache;
using Mirai.Platform.Changes;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Courses and their folders: kept in the database, read through the cache. When a method that changes
/// something returns, the change is committed and the cache entries that it touches are deleted.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when it needs the
/// database and the database cannot be reached. A change takes a condition, which is compared with the version of the
/// data. The database compares the version once more: of two changes to the same version, one is refused.</remarks>
public sealed partial class CourseLibrary
{
    // The second attempt starts from what the database holds; a third would only meet yet another writer.
    private const int Attempts = 2;

    private readonly ICache cache;
    private readonly CourseQueries queries;
    private readonly CourseWriter courses;
    private readonly FolderWriter folders;
    private readonly ChangeFeed changes;
    private readonly TimeProvider time;

    internal CourseLibrary(
        ICache cache, CourseQueries queries, CourseWriter courses, FolderWriter folders, ChangeFeed changes,
        TimeProvider time)
    {
        (this.cache, this.queries, this.courses) = (cache, queries, courses);
        (this.folders, this.changes, this.time) = (folders, changes, time);
    }

    /// <summary>Adds a course.</summary>
    /// <param name="content">The course.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is stored.</param>
    /// <returns>The id of the course, and whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    public Task<(Guid Id, LibraryWriteStatus Status)> CreateCourseAsync(
        CourseContent content, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return CreateAsync(Change.Course, id => courses.CreateAsync(id, content, cancellationToken));
    }

    /// <summary>Replaces a course.</summary>
    /// <param name="id">The course.</param>
    /// <param name="content">The new content.</param>
    /// <param name="condition">The version to replace.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is stored.</param>
    /// <returns>Whether the new content is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    public Task<LibraryWriteStatus> UpdateCourseAsync(
        Guid id, CourseContent content, CacheCondition condition, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return ChangeCourseAsync(
            id, condition, course => courses.UpdateAsync(id, content, course, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes a course with its lessons.</summary>
    /// <param name="id">The course.</param>
    /// <param name="condition">The version to delete.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is deleted.</param>
    /// <returns>Whether the course is deleted.</returns>
    public Task<LibraryWriteStatus> DeleteCourseAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default) => ChangeCourseAsync(
            id, condition, course => courses.DeleteAsync(id, course, cancellationToken), cancellationToken);

    /// <summary>Adds a folder.</summary>
    /// <param name="content">The folder.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is stored.</param>
    /// <returns>The id of the folder, and whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    public Task<(Guid Id, LibraryWriteStatus Status)> CreateFolderAsync(
        FolderContent content, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return CreateAsync(Change.Folder, id => folders.CreateAsync(id, content, cancellationToken));
    }

    /// <summary>Renames or moves a folder.</summary>
    /// <param name="id">The folder.</param>
    /// <param name="content">The new name and place.</param>
    /// <param name="condition">The version of all folders, as <see cref="GetFoldersAsync"/> returns it.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is stored.</param>
    /// <returns>Whether the change is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    public Task<LibraryWriteStatus> UpdateFolderAsync(
        Guid id, FolderContent content, CacheCondition condition, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return ChangeFolderAsync(
            id, condition, version => folders.UpdateAsync(id, content, version, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes an empty folder.</summary>
    /// <param name="id">The folder.</param>
    /// <param name="condition">The version of all folders, as <see cref="GetFoldersAsync"/> returns it.</param>
    /// <param name="cancellationToken">Cancels the call while nothing is deleted.</param>
    /// <returns>Whether the folder is deleted.</returns>
    public Task<LibraryWriteStatus> DeleteFolderAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default) => ChangeFolderAsync(
            id, condition, version => folders.DeleteAsync(id, version, cancellationToken), cancellationToken);

    private async Task<(Guid Id, LibraryWriteStatus Status)> CreateAsync(
        string kind, Func<Guid, Task<LibraryWriteStatus>> create)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var status = await create(id);
        await PublishAsync(status, kind, id);

        return (id, status);
    }

    private Task<LibraryWriteStatus> ChangeCourseAsync(
        Guid id, CacheCondition condition, Func<Course, Task<LibraryWriteStatus>> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return ChangeAsync(Change.Course, id, CacheKeys.Course(id.ToString()), async () =>
        {
            if (await FindCourseAsync(id, cancellationToken) is not { } entry)
            {
                // The cache keeps no absence: the database has just said that there is no such course.
                return (LibraryWriteStatus.NotFound, IsFinal: true);
            }

            var status = condition.IsMetByDataOf(entry.ETag)
                ? await change(entry.Value)
                : LibraryWriteStatus.PreconditionFailed;
            return (status, IsFinal: status != LibraryWriteStatus.PreconditionFailed
                || await courses.IsCurrentAsync(id, entry.Value, cancellationToken));
        });
    }

    // Clients know one version of all folders together, so the cached hierarchy decides, and it may be stale.
    private Task<LibraryWriteStatus> ChangeFolderAsync(
        Guid id, CacheCondition condition, Func<int, Task<LibraryWriteStatus>> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return ChangeAsync(Change.Folder, id, CacheKeys.FolderHierarchy, async () =>
        {
            var entry = await GetFoldersAsync(cancellationToken);
            var folder = Find(entry.Value, id.ToString());
            var status = folder is null
                ? LibraryWriteStatus.NotFound
                : condition.IsMetByDataOf(entry.ETag)
                    ? await change(folder.Version ?? 0)
                    : LibraryWriteStatus.PreconditionFailed;
            return (status, IsFinal: status
                is not (LibraryWriteStatus.PreconditionFailed or LibraryWriteStatus.NotFound));
        });
    }

    // The cached entry is compared first. An entry may be older than the database, so a refusal that is not final
    // deletes the entry and compares once more.
    private async Task<LibraryWriteStatus> ChangeAsync(
        string kind, Guid id, CacheKey key, Func<Task<(LibraryWriteStatus Status, bool IsFinal)>> attemptAsync)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, isFinal) = await attemptAsync();
            if (isFinal || attempt == Attempts)
            {
                await PublishAsync(status, kind, id);
                return status;
            }

            await cache.DeleteAsync(key, cancellationToken: CancellationToken.None);
        }
    }

    private Task PublishAsync(LibraryWriteStatus status, string kind, Guid id) =>
        status == LibraryWriteStatus.Done ? changes.PublishAsync(new Change(kind, id)) : Task.CompletedTask;

    private static Folder? Find(IReadOnlyList<Folder> among, string id) => among
        .Select(folder => folder.Id == id ? folder : Find(folder.Folders, id))
        .FirstOrDefault(found => found is not null);

    private static void ThrowIfInvalid(IEnumerable<(string Field, string Error)> errors)
    {
        if (errors.FirstOrDefault() is { Field: not null } first)
        {
            throw new ArgumentException($"{first.Field} {first.Error}.", nameof(errors));
        }
    }
}
