using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation;

internal sealed partial class GenerationJobs
{
    private const int MostLessons = 50;

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
        await CheckDocumentsAsync(context, documents, cancellationToken);
        await CheckFolderAsync(context, request.FolderId, cancellationToken);

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
        await changes.PublishAsync(GenerationChange.Of(row.Id, row.State, 0));

        return ToJob(row);
    }

    private static void Check(GenerationRequest request, List<Guid> documents)
    {
        if (request.Kind == GenerationKind.Outline
            ? documents.Count is < 1 or > GenerationRequest.MostDocuments
            : documents.Count > 0)
        {
            throw Wrong("documents", request.Kind == GenerationKind.Outline
                ? $"must name 1 to {GenerationRequest.MostDocuments} documents"
                : "cannot be chosen for lessons, which are made from the documents of their outline");
        }

        if (request.CourseId is null != (request.Kind == GenerationKind.Outline))
        {
            throw Wrong("courseId", request.Kind == GenerationKind.Outline
                ? "is only for lessons"
                : "must name the course whose lessons are to be written");
        }

        if (request.MaxLessons is < 1 or > MostLessons)
        {
            throw Wrong("maxLessons", $"must be 1 to {MostLessons}");
        }

        foreach (var (field, error) in TextRules.Optional("title", request.Title, CourseLimits.LongestTitle)
            .Concat(TextRules.Optional(
                "instructions", request.Instructions, GenerationRequest.LongestInstructions)))
        {
            throw new InvalidGenerationException(field, error);
        }
    }

    private static async Task CheckDocumentsAsync(
        MiraiDbContext context, List<Guid> documents, CancellationToken cancellationToken)
    {
        var known = await context.Documents.Where(row => documents.Contains(row.Id))
            .Select(row => new { row.Id, row.State }).ToListAsync(cancellationToken);
        foreach (var id in documents)
        {
            var state = known.Find(document => document.Id == id)?.State;
            if (state is null or DocumentState.Failed)
            {
                throw Wrong(
                    "documents", $"names {id}, which {(state is null ? "does not exist" : "could not be read")}");
            }
        }
    }

    private static async Task CheckFolderAsync(
        MiraiDbContext context, Guid? folder, CancellationToken cancellationToken)
    {
        if (folder is not null && !await context.Folders.AnyAsync(row => row.Id == folder, cancellationToken))
        {
            throw Wrong("folderId", "names a folder that does not exist");
        }
    }

    private static async Task<CourseRow> FindPlannedAsync(
        MiraiDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var course = await context.Courses.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (course is null)
        {
            throw Wrong("courseId", "names a course that does not exist");
        }

        return course.Documents.Count > 0
            ? course
            : throw Wrong("courseId", "names a course that was not made from documents");
    }

    private static InvalidGenerationException Wrong(string field, string error) => new(field, error);
}
