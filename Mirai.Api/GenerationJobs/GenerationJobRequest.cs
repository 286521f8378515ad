namespace Mirai.Api.GenerationJobs;

/// <summary>Body of <c>POST /api/generation-jobs</c>.</summary>
internal sealed record GenerationJobRequest
{
    /// <summary><c>outline</c> or <c>lessons</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The documents of an outline.</summary>
    public List<string?>? Documents { get; init; }

    /// <summary>The course whose planned lessons are written.</summary>
    public string? CourseId { get; init; }

    public string? Title { get; init; }

    public string? FolderId { get; init; }

    public int? MaxLessons { get; init; }

    public string? Instructions { get; init; }
}
