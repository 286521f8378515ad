using Mirai.Cache;
using Mirai.Platform.Changes;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>The library over database and cache; a part for each of reading, courses and folders.</summary>
internal sealed partial class CourseLibrary(
    ICache cache, CourseQueries queries, CourseWriter courses, FolderWriter folders, IChangeFeed changes,
    TimeProvider time)
    : ICourseLibrary
{
    // The second look is at what the database has; a third would only meet yet another writer.
    private const int Looks = 2;

    public async Task<(Guid Id, LibraryWriteStatus Status)> CreateCourseAsync(
        CourseContent content, CancellationToken cancellationToken = default)
    {
        Throw(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var status = await courses.CreateAsync(id, content, cancellationToken);
        await PublishAsync(status, Change.Course, id);

        return (id, status);
    }

    public Task<LibraryWriteStatus> UpdateCourseAsync(
        Guid id, CourseContent content, CacheCondition condition, CancellationToken cancellationToken = default)
    {
        Throw(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return ChangeCourseAsync(
            id, condition, course => courses.UpdateAsync(id, content, course, cancellationToken), cancellationToken);
    }

    public Task<LibraryWriteStatus> DeleteCourseAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default) => ChangeCourseAsync(
            id, condition, course => courses.DeleteAsync(id, course, cancellationToken), cancellationToken);

    // What the cache holds is compared first, and the database has the last word: an entry may be older than it.
    private async Task<LibraryWriteStatus> ChangeCourseAsync(
        Guid id, CacheCondition condition, Func<Course, Task<LibraryWriteStatus>> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        for (var look = 1; ; look++)
        {
            if (await FindCourseAsync(id, cancellationToken) is not { } entry)
            {
                return LibraryWriteStatus.NotFound;
            }

            var status = condition.IsMetByDataOf(entry.ETag)
                ? await change(entry.Value)
                : LibraryWriteStatus.PreconditionFailed;
            if (status != LibraryWriteStatus.PreconditionFailed || look == Looks
                || await courses.IsCurrentAsync(id, entry.Value, cancellationToken))
            {
                await PublishAsync(status, Change.Course, id);
                return status;
            }

            await cache.DeleteAsync(CacheKeys.Course(id.ToString()), cancellationToken: CancellationToken.None);
        }
    }

    private Task PublishAsync(LibraryWriteStatus status, string kind, Guid id) =>
        status == LibraryWriteStatus.Done ? changes.PublishAsync(new Change(kind, id)) : Task.CompletedTask;

    private static void Throw(IEnumerable<(string Field, string Error)> errors)
    {
        if (errors.FirstOrDefault() is { Field: not null } first)
        {
            throw new ArgumentException($"{first.Field} {first.Error}.", nameof(errors));
        }
    }
}
