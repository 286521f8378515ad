using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Writes courses, and deletes the cache entries that a change touches after its commit.</summary>
internal sealed class CourseWriter(
    IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation, TimeProvider time)
{
    public async Task<LibraryWriteStatus> CreateAsync(
        Guid id, CourseContent content, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await FolderExistsAsync(context, content.FolderId, cancellationToken))
        {
            return LibraryWriteStatus.NoSuchFolder;
        }

        var now = time.GetUtcNow();
        var row = new CourseRow
        {
            Id = id,
            Title = content.Title,
            Status = content.Status,
            Tags = [],
            CreatedAt = now,
            UpdatedAt = now,
        };
        Apply(row, content);
        context.Courses.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        await invalidation.CourseChangedAsync(id, before: null, row.ToListed());

        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> UpdateAsync(
        Guid id, CourseContent content, Course cached, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Courses.Include(course => course.Lessons)
            .SingleOrDefaultAsync(course => course.Id == id, cancellationToken);
        if (row is null || row.Version != cached.Version)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        if (!await FolderExistsAsync(context, content.FolderId, cancellationToken))
        {
            return LibraryWriteStatus.NoSuchFolder;
        }

        var before = row.ToListed();
        Apply(row, content);
        row.Version++;
        row.UpdatedAt = time.GetUtcNow();
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await invalidation.CourseChangedAsync(id, before, row.ToListed());
        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> DeleteAsync(Guid id, Course cached, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var deleted = await context.Courses.Where(row => row.Id == id && row.Version == cached.Version)
            .ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await invalidation.CourseChangedAsync(id, cached, after: null);
        return LibraryWriteStatus.Done;
    }

    /// <summary>Whether the cached course is the version that the database holds.</summary>
    public async Task<bool> IsCurrentAsync(Guid id, Course cached, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Courses.AnyAsync(
            row => row.Id == id && row.Version == cached.Version, cancellationToken);
    }

    private static void Apply(CourseRow row, CourseContent content)
    {
        row.Title = content.Title;
        row.Summary = content.Summary;
        row.FolderId = content.FolderId;
        row.Status = content.Status;
        row.Tags = [.. content.Tags.Distinct(StringComparer.Ordinal)];
        if (content.Lessons is { } lessons)
        {
            CourseLessons.Replace(row, lessons);
        }
    }

    private static async Task<bool> FolderExistsAsync(
        MiraiDbContext context, Guid? folder, CancellationToken cancellationToken) =>
        folder is null || await context.Folders.AnyAsync(row => row.Id == folder, cancellationToken);
}

/// <summary>The outcome of a change to the library.</summary>
public enum LibraryWriteStatus
{
    /// <summary>The change is stored.</summary>
    Done,

    /// <summary>There is no such course or folder.</summary>
    NotFound,

    /// <summary>The change is for another version than the current one.</summary>
    PreconditionFailed,

    /// <summary>The folder that is to contain the course or folder does not exist.</summary>
    NoSuchFolder,

    /// <summary>The folder would contain itself, or be nested too deeply.</summary>
    FolderTooDeep,

    /// <summary>The folder contains folders or courses.</summary>
    FolderNotEmpty,
}

/// <summary>Replaces the lessons of a course. A lesson that keeps its id keeps its sources. A lesson whose text a
/// person has changed loses the name of its generator.</summary>
internal static class CourseLessons
{
    public static void Replace(CourseRow course, IReadOnlyList<LessonContent> lessons)
    {
        var known = course.Lessons.ToDictionary(lesson => lesson.Id);
        course.Lessons.Clear();
        for (var position = 0; position < lessons.Count; position++)
        {
            var content = lessons[position];
            if (content.Id is not { } id || !known.Remove(id, out var row))
            {
                row = new LessonRow
                {
                    Id = Guid.NewGuid(),
                    Position = position,
                    Title = content.Title,
                    KeyPoints = [],
                    Sources = [],
                };
            }

            row.Generator = row.Body == content.Body ? row.Generator : null;
            row.Position = position;
            row.Title = content.Title;
            row.Summary = content.Summary;
            row.Body = content.Body;
            row.KeyPoints = [.. content.KeyPoints];
            course.Lessons.Add(row);
        }
    }
}
