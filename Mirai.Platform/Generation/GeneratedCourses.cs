using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Changes;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Library;

namespace Mirai.Platform.Generation;

/// <summary>Stores what generators make. Each change is committed together with the job, and only while this worker
/// holds the job.</summary>
internal sealed class GeneratedCourses(
    IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation, ChangeFeed changes,
    TimeProvider time)
{
    public async Task<CourseRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Courses.AsNoTracking()
            .Include(row => row.Lessons.OrderBy(lesson => lesson.Position))
            .SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>The material that a lesson is planned from; all of the material when the documents have changed since.
    /// </summary>
    public static SourceMaterial SourcesOf(LessonRow lesson, SourceMaterial material)
    {
        var planned = lesson.Sources.Select(source => (source.DocumentId, source.Chunk)).ToHashSet();
        var own = material.Only(material.Chunks
            .Where(chunk => planned.Contains((chunk.DocumentId.ToString(), chunk.Chunk)))
            .Select(chunk => chunk.Label));

        return own.Chunks.Count > 0 ? own : material;
    }

    /// <summary>Adds a planned course, and finishes its job.</summary>
    public async Task AddAsync(
        GenerationJobRow job, OutlineDraft outline, SourceMaterial material, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await FinishAsync(context, job, cancellationToken);
        var course = await NewCourseAsync(context, job, outline.Title, outline.Summary, cancellationToken);
        course.Lessons.AddRange(outline.Lessons.Select((plan, position) => new LessonRow
        {
            Id = Guid.NewGuid(),
            Position = position,
            Title = plan.Title,
            Summary = plan.Summary,
            KeyPoints = [],
            Sources = ToSources(plan.Sources, material),
        }));
        context.Courses.Add(course);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await PublishAsync(course, isNew: true);
        await PublishFinishedAsync(job);
    }

    /// <summary>Stores the text of a lesson, unless a person has written a text meanwhile.</summary>
    public async Task WriteAsync(
        GenerationJobRow job, Guid lessonId, LessonDraft draft, SourceMaterial material,
        CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await LockAsync(context, job, cancellationToken);
        var course = await context.Courses.SingleOrDefaultAsync(row => row.Id == job.CourseId, cancellationToken);
        var lesson = await context.Lessons.SingleOrDefaultAsync(
            row => row.Id == lessonId && row.Body == null, cancellationToken);
        if (course is null || lesson is null)
        {
            return;
        }

        lesson.Body = draft.Body;
        lesson.KeyPoints = [.. draft.KeyPoints];
        lesson.Sources = ToSources(draft.Sources, material);
        lesson.Generator = job.Generator;
        course.Version++;
        course.UpdatedAt = time.GetUtcNow();
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await PublishAsync(course, isNew: false);
    }

    /// <summary>Marks a job as <see cref="GenerationState.Succeeded"/>.</summary>
    public async Task FinishAsync(GenerationJobRow job, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await FinishAsync(context, job, cancellationToken);
        await PublishFinishedAsync(job);
    }

    /// <summary>Deletes the cache entries of the course of a finished job, which a run that died between its commit
    /// and the invalidation has left behind.</summary>
    public async Task InvalidateAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = context.GenerationJobs;
        var course = await context.Courses.AsNoTracking().SingleOrDefaultAsync(
            row => jobs.Any(job => job.Id == jobId && job.CourseId == row.Id), cancellationToken);
        if (course is not null)
        {
            await invalidation.CourseChangedAsync(course.Id, before: null, course.ToListed());
        }
    }

    private async Task FinishAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        ThrowIfLost(await job.In(context).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, GenerationState.Succeeded)
                .SetProperty(row => row.Percent, 100)
                .SetProperty(row => row.FinishedAt, now),
            cancellationToken));
    }

    // Locks the row of the job until the transaction ends: no other worker can claim the job before the commit.
    private static async Task LockAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken) =>
        ThrowIfLost(await job.In(context).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimId, job.ClaimId), cancellationToken));

    private static void ThrowIfLost(int rows)
    {
        if (rows == 0)
        {
            throw new OperationCanceledException("The job is cancelled, or another worker holds it.");
        }
    }

    private async Task<CourseRow> NewCourseAsync(
        MiraiDbContext context, GenerationJobRow job, string title, string summary,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new CourseRow
        {
            Id = job.CourseId,
            Title = title,
            Summary = summary,
            Status = CourseStatus.Draft,
            Tags = [],
            Generator = job.Generator,
            Documents = [.. job.Documents],
            CreatedAt = now,
            UpdatedAt = now,

            // The folder may have been deleted since the job was stored.
            FolderId = await context.Folders.AnyAsync(row => row.Id == job.FolderId, cancellationToken)
                ? job.FolderId
                : null,
        };
    }

    private async Task PublishAsync(CourseRow course, bool isNew)
    {
        var listed = course.ToListed();
        await invalidation.CourseChangedAsync(course.Id, isNew ? null : listed, listed);
        await changes.PublishAsync(new Change(Change.Course, course.Id));
    }

    private Task PublishFinishedAsync(GenerationJobRow job) =>
        changes.PublishAsync(GenerationJobStore.Changed(job.Id, GenerationState.Succeeded, 100));

    private static List<LessonSource> ToSources(IReadOnlyList<int> labels, SourceMaterial material) =>
    [
        .. material.Only(labels).Chunks.Select(chunk => new LessonSource(chunk.DocumentId.ToString(), chunk.Chunk)
        {
            Heading = chunk.Place.Heading,
            Page = chunk.Place.Page,
        }),
    ];
}
