using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation;

/// <summary>Runs a job, from where the last run stopped. The runner stores results only while it holds the job.
/// </summary>
internal sealed class GenerationRunner(
    DocumentStore documents, ICourseGenerator generator, GeneratedCourses courses, GenerationClaims claims,
    TimeProvider time)
{
    /// <summary>How long a worker holds a job without renewing its claim.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // A busy model is no failure and uses no retry, until the job is that old.
    private static readonly TimeSpan LongestBusy = TimeSpan.FromDays(1);

    private const int AfterOutline = 80;
    private const int All = 100;

    /// <exception cref="GenerationImpossibleException">The job cannot be done.</exception>
    public async Task RunAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await claims.BeginAsync(id, generator.Name, cancellationToken) is not { } job)
        {
            // The job does not exist or is finished, perhaps by a run that died before it deleted the cache entries.
            await courses.InvalidateAsync(id, cancellationToken);
            return;
        }

        await using var claim = claims.Keep(job, cancellationToken);
        try
        {
            var material = await LoadAsync(job, claim.Token);
            await (job.Kind == GenerationKind.Outline
                ? OutlineAsync(job, material, claim)
                : WriteAsync(job, material, claim));
        }
        catch (ModelBusyException exception) when (time.GetUtcNow() - job.CreatedAt > LongestBusy)
        {
            throw new GenerationImpossibleException($"{exception.Message} It has been busy for a day.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A person cancelled the job, or another worker holds it: this run has nothing more to do.
        }
    }

    private async Task OutlineAsync(GenerationJobRow job, SourceMaterial material, GenerationClaim claim)
    {
        claim.Report(10, "Planning the course");
        var brief = new OutlineBrief(job.Title, job.Instructions, job.MaxLessons);
        var outline = await generator.OutlineAsync(brief, material, claim.Token);
        claim.Report(AfterOutline, "Storing the course");
        await courses.AddAsync(job, outline, material, claim.Token);
    }

    private async Task WriteAsync(GenerationJobRow job, SourceMaterial material, GenerationClaim claim)
    {
        var course = await courses.FindAsync(job.CourseId, claim.Token)
            ?? throw new GenerationImpossibleException("The course was deleted while the job ran.");
        var titles = course.Lessons.ConvertAll(lesson => lesson.Title);
        for (var i = 0; i < course.Lessons.Count; i++)
        {
            var lesson = course.Lessons[i];
            if (lesson.Body is not null)
            {
                continue;
            }

            claim.Report(All * i / course.Lessons.Count, $"Writing \"{lesson.Title}\"");
            var brief = new LessonBrief(course.Title, titles, lesson.Title, lesson.Summary ?? "", job.Instructions);
            var own = GeneratedCourses.SourcesOf(lesson, material);
            var draft = await generator.LessonAsync(brief, own, claim.Token);
            await courses.WriteAsync(job, lesson.Id, draft, material, claim.Token);
        }

        await courses.FinishAsync(job, claim.Token);
    }

    private async Task<SourceMaterial> LoadAsync(GenerationJobRow job, CancellationToken cancellationToken)
    {
        var found = new List<Document>();
        foreach (var id in job.Documents)
        {
            var document = await documents.FindAsync(id, cancellationToken);
            found.Add(document is { Extraction: not null }
                ? document
                : throw new GenerationImpossibleException("A document of the job could not be read or was deleted."));
        }

        var material = SourceMaterial.Of(found);
        return material.Chunks.Count > 0
            ? material
            : throw new GenerationImpossibleException("The documents have headings only, and no text.");
    }
}

/// <summary>A job cannot be done: its documents or its course are gone, or its documents have no text.</summary>
internal sealed class GenerationImpossibleException(string message) : Exception(message);
