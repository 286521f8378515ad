using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Writes courses, and takes what that touches out of the cache once it is committed.</summary>
internal sealed class CourseWriter(
    IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation, TimeProvider time)
{
    public async Task<LibraryWriteStatus> CreateAsync(
        Guid id, CourseContent content, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await HasFolderAsync(context, content.FolderId, cancellationToken))
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
        await invalidation.CourseChangedAsync(id, before: null, Listed(row));

        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> UpdateAsync(
        Guid id, CourseContent content, Course known, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Courses.Include(course => course.Lessons)
            .SingleOrDefaultAsync(course => course.Id == id, cancellationToken);
        if (row is null || row.Version != known.Version)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        if (!await HasFolderAsync(context, content.FolderId, cancellationToken))
        {
            return LibraryWriteStatus.NoSuchFolder;
        }

        var before = Listed(row);
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

        await invalidation.CourseChangedAsync(id, before, Listed(row));
        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> DeleteAsync(Guid id, Course known, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var deleted = await context.Courses.Where(row => row.Id == id && row.Version == known.Version)
            .ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await invalidation.CourseChangedAsync(id, known, after: null);
        return LibraryWriteStatus.Done;
    }

    /// <summary>Whether what the cache holds is what the database has.</summary>
    public async Task<bool> IsCurrentAsync(Guid id, Course known, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Courses.AnyAsync(
            row => row.Id == id && row.Version == known.Version, cancellationToken);
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

    private static Course Listed(CourseRow row) => new(row.Id.ToString(), row.Title)
    {
        Summary = row.Summary,
        FolderId = row.FolderId?.ToString(),
        Status = CourseStatusText.Of(row.Status),
        Tags = [.. row.Tags],
    };

    private static async Task<bool> HasFolderAsync(
        MiraiDbContext context, Guid? folder, CancellationToken cancellationToken) =>
        folder is null || await context.Folders.AnyAsync(row => row.Id == folder, cancellationToken);
}
