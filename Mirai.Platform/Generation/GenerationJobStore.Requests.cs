using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation;

// The part that takes requests and checks them.
public sealed partial class GenerationJobStore
{
    private const int MostLessons = 50;

    /// <summary>Stores a job as <see cref="GenerationState.Queued"/>. A poll enqueues its task when its documents are
    /// read.</summary>
    /// <param name="request">The course to generate.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidGenerationException">A document, the course or the folder does not exist, or a field is
    /// out of its limits.</exception>
    public async Task<GenerationJob> CreateAsync(
        GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var documents = request.Documents.Distinct().ToList();
        Check(request, documents);
        var course = request.Kind == GenerationKind.Lessons
            ? await FindPlannedAsync(context, request.CourseId!.Value, cancellationToken)
            : null;
        await RequireDocumentsAsync(context, documents, cancellationToken);
        await RequireFolderAsync(context, request.FolderId, cancellationToken);

        var row = new GenerationJobRow
        {
            Id = Guid.CreateVersion7(now),
            Kind = request.Kind,
            State = GenerationState.Queued,
            CourseId = course?.Id ?? Guid.CreateVersion7(now),
            Documents = course?.Documents ?? documents,
            Title = request.Title,
            Instructions = request.Instructions,
            FolderId = request.FolderId,
            MaxLessons = request.MaxLessons,
            CreatedAt = now,
        };
        context.GenerationJobs.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        await changes.PublishAsync(Changed(row.Id, row.State, 0));

        return ToJob(row);
    }

    private static void Check(GenerationRequest request, List<Guid> documents)
    {
        if (request.Kind == GenerationKind.Outline
            ? documents.Count is < 1 or > GenerationRequest.MostDocuments
            : documents.Count > 0)
        {
            throw Invalid("documents", request.Kind == GenerationKind.Outline
                ? $"must name 1 to {GenerationRequest.MostDocuments} documents"
                : "cannot be chosen for lessons, which are made from the documents of their outline");
        }

        if (request.CourseId is null != (request.Kind == GenerationKind.Outline))
        {
            throw Invalid("courseId", request.Kind == GenerationKind.Outline
                ? "is only for lessons"
                : "must name the course whose lessons are to be written");
        }

        if (request.MaxLessons is < 1 or > MostLessons)
        {
            throw Invalid("maxLessons", $"must be 1 to {MostLessons}");
        }

        var errors = TextRules.Optional("title", request.Title, CourseLimits.LongestTitle).Concat(TextRules.Optional(
            "instructions", request.Instructions, GenerationRequest.LongestInstructions));
        foreach (var (field, error) in errors)
        {
            throw Invalid(field, error);
        }
    }

    private static async Task RequireDocumentsAsync(
        MiraiDbContext context, List<Guid> documents, CancellationToken cancellationToken)
    {
        var known = await context.Documents.Where(row => documents.Contains(row.Id))
            .Select(row => new { row.Id, row.State }).ToListAsync(cancellationToken);
        foreach (var id in documents)
        {
            var state = known.Find(document => document.Id == id)?.State;
            if (state is null or DocumentState.Failed)
            {
                throw Invalid(
                    "documents", $"names {id}, which {(state is null ? "does not exist" : "could not be read")}");
            }
        }
    }

    private static async Task RequireFolderAsync(
        MiraiDbContext context, Guid? folder, CancellationToken cancellationToken)
    {
        if (folder is not null && !await context.Folders.AnyAsync(row => row.Id == folder, cancellationToken))
        {
            throw Invalid("folderId", "names a folder that does not exist");
        }
    }

    private static async Task<CourseRow> FindPlannedAsync(
        MiraiDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var course = await context.Courses.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (course is null)
        {
            throw Invalid("courseId", "names a course that does not exist");
        }

        return course.Documents.Count > 0
            ? course
            : throw Invalid("courseId", "names a course that was not made from documents");
    }

    private static InvalidGenerationException Invalid(string field, string error) => new(field, error);
}
