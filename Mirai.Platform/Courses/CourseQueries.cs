using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Reads courses and folders from the database, in the form that the cache stores.</summary>
internal sealed class CourseQueries(IDbContextFactory<MiraiDbContext> contexts)
{
    public async ValueTask<LibraryIndex> ReadIndexAsync(CancellationToken cancellationToken) => new()
    {
        Folders = await ReadFoldersAsync(cancellationToken),
        Courses = await ReadAllAsync(cancellationToken),
    };

    public async ValueTask<IReadOnlyList<Folder>> ReadFoldersAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Folders.AsNoTracking().OrderBy(row => row.Name).ThenBy(row => row.Id)
            .Take(CourseLimits.LongestList).ToListAsync(cancellationToken);

        return Nest(rows.ToLookup(row => row.ParentId), parent: null);
    }

    public ValueTask<IReadOnlyList<Course>> ReadAllAsync(CancellationToken cancellationToken) =>
        ReadListAsync(courses => courses, cancellationToken);

    public ValueTask<IReadOnlyList<Course>> ReadWithStatusAsync(
        CourseStatus status, CancellationToken cancellationToken) =>
        ReadListAsync(courses => courses.Where(row => row.Status == status), cancellationToken);

    public ValueTask<IReadOnlyList<Course>> ReadWithTagAsync(string tag, CancellationToken cancellationToken) =>
        ReadListAsync(courses => courses.Where(row => row.Tags.Contains(tag)), cancellationToken);

    /// <exception cref="NotInLibraryException">There is no such folder.</exception>
    public async ValueTask<IReadOnlyList<Course>> ReadOfFolderAsync(Guid folder, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Folders.AnyAsync(row => row.Id == folder, cancellationToken)
            ? await ReadListAsync(courses => courses.Where(row => row.FolderId == folder), cancellationToken)
            : throw new NotInLibraryException();
    }

    /// <exception cref="NotInLibraryException">There is no such course.</exception>
    public async ValueTask<Course> ReadCourseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Courses.AsNoTracking()
            .Include(course => course.Lessons.OrderBy(lesson => lesson.Position))
            .SingleOrDefaultAsync(course => course.Id == id, cancellationToken) ?? throw new NotInLibraryException();

        return row.ToListed() with
        {
            Version = row.Version,
            UpdatedAt = row.UpdatedAt,
            Lessons = [.. row.Lessons.Select(ToLesson)],
        };
    }

    private async ValueTask<IReadOnlyList<Course>> ReadListAsync(
        Func<IQueryable<CourseRow>, IQueryable<CourseRow>> filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await filter(context.Courses.AsNoTracking()).OrderBy(row => row.Title).ThenBy(row => row.Id)
            .Take(CourseLimits.LongestList).ToListAsync(cancellationToken);

        return rows.ConvertAll(row => row.ToListed());
    }

    private static List<Folder> Nest(ILookup<Guid?, FolderRow> children, Guid? parent) =>
    [
        .. children[parent].Select(row => new Folder(row.Id.ToString(), row.Name)
        {
            Version = row.Version,
            Folders = Nest(children, row.Id),
        }),
    ];

    private static Lesson ToLesson(LessonRow row) => new(row.Id.ToString(), row.Title)
    {
        Summary = row.Summary,
        Body = row.Body,
        KeyPoints = row.KeyPoints,
        Sources = row.Sources,
        Generator = row.Generator,
    };
}

/// <summary>Keeps the cache from storing an entry for a course or folder that does not exist.</summary>
internal sealed class NotInLibraryException() : Exception("There is no such course or folder.");
