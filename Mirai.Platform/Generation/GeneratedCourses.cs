using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Changes;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Generation.Sources;
using Mirai.Platform.Library;

namespace Mirai.Platform.Generation;

/// <summary>Stores what generators make: with the job, in one step, and only while the job is the worker's
/// own.</summary>
internal sealed class GeneratedCourses(
    IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation, IChangeFeed changes,
    TimeProvider time)
{
    public async Task<CourseRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Courses.AsNoTracking()
            .Include(row => row.Lessons.OrderBy(lesson => lesson.Position))
            .SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>What a lesson is planned from; all of it when its documents have changed since.</summary>
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
        await ToldAsync(course, isNew: true, job);
    }

    /// <summary>Stores the text of a lesson, unless a person wrote one meanwhile.</summary>
    public async Task WriteAsync(
        GenerationJobRow job, Guid lessonId, LessonDraft draft, SourceMaterial material,
        CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await HoldAsync(context, job, cancellationToken);
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
        await ToldAsync(course, isNew: false, job: null);
    }

    /// <summary>Says that a job is done.</summary>
    public async Task FinishAsync(GenerationJobRow job, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await FinishAsync(context, job, cancellationToken);
        await changes.PublishAsync(GenerationChange.Of(job.Id, GenerationState.Succeeded, 100));
    }

    /// <summary>Takes out of the cache what a job that is done may have left there.</summary>
    public async Task InvalidateAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var course = await context.Courses.AsNoTracking().SingleOrDefaultAsync(
            row => context.GenerationJobs.Any(job => job.Id == jobId && job.CourseId == row.Id), cancellationToken);
        if (course is not null)
        {
            await invalidation.CourseChangedAsync(course.Id, before: null, Listed(course));
        }
    }

    private async Task FinishAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Check(await OwnOf(context, job).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, GenerationState.Succeeded)
                .SetProperty(row => row.Percent, 100)
                .SetProperty(row => row.FinishedAt, now),
            cancellationToken));
    }

    // Locks the job's row until the transaction ends: nobody takes the job away before what it made is committed.
    private static async Task HoldAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken) =>
        Check(await OwnOf(context, job).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimId, job.ClaimId), cancellationToken));

    private static IQueryable<GenerationJobRow> OwnOf(MiraiDbContext context, GenerationJobRow job) =>
        context.GenerationJobs.Where(row => row.Id == job.Id && row.ClaimId == job.ClaimId && row.FinishedAt == null);

    private static void Check(int owned)
    {
        if (owned == 0)
        {
            throw new OperationCanceledException("The job is cancelled, or another worker has it.");
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

            // It may have been deleted since the job was asked for.
            FolderId = await context.Folders.AnyAsync(row => row.Id == job.FolderId, cancellationToken)
                ? job.FolderId
                : null,
        };
    }

    private async Task ToldAsync(CourseRow course, bool isNew, GenerationJobRow? job)
    {
        var listed = Listed(course);
        await invalidation.CourseChangedAsync(course.Id, isNew ? null : listed, listed);
        await changes.PublishAsync(new Change(Change.Course, course.Id));
        if (job is not null)
        {
            await changes.PublishAsync(GenerationChange.Of(job.Id, GenerationState.Succeeded, 100));
        }
    }

    private static Course Listed(CourseRow course) => new(course.Id.ToString(), course.Title)
    {
        FolderId = course.FolderId?.ToString(),
        Status = CourseStatusText.Of(course.Status),
        Tags = course.Tags,
    };

    private static List<LessonSource> ToSources(IReadOnlyList<int> labels, SourceMaterial material) =>
    [
        .. material.Only(labels).Chunks.Select(chunk => new LessonSource(chunk.DocumentId.ToString(), chunk.Chunk)
        {
            Heading = chunk.Place.Heading,
            Page = chunk.Place.Page,
        }),
    ];
}
