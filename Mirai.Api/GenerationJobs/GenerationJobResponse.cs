using System.Text.Json.Serialization;
using Mirai.Platform.Generation;

namespace Mirai.Api.GenerationJobs;

/// <summary>A job as the API shows it. Members without a value are left out.</summary>
internal sealed record GenerationJobResponse
{
    public required Guid Id { get; init; }

    [JsonConverter(typeof(CamelCaseEnumConverter<GenerationKind>))]
    public required GenerationKind Kind { get; init; }

    [JsonConverter(typeof(CamelCaseEnumConverter<GenerationState>))]
    public required GenerationState State { get; init; }

    /// <summary>From 0 to 100.</summary>
    public required int Progress { get; init; }

    /// <summary>What is being done.</summary>
    public string? Step { get; init; }

    public required IReadOnlyList<Guid> Documents { get; init; }

    /// <summary>What makes the course: <c>extractive</c>, or <c>model:</c> and a name.</summary>
    public string? Generator { get; init; }

    /// <summary>The course; for an outline, once the job has succeeded.</summary>
    public Guid? CourseId { get; init; }

    public string? CourseUrl { get; init; }

    public string? FailureReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static GenerationJobResponse From(GenerationJob job)
    {
        var hasCourse = job.Kind == GenerationKind.Lessons || job.State == GenerationState.Succeeded;
        return new GenerationJobResponse
        {
            Id = job.Id,
            Kind = job.Kind,
            State = job.State,
            Progress = job.Percent,
            Step = job.Step,
            Documents = job.Documents,
            Generator = job.Generator,
            CourseId = hasCourse ? job.CourseId : null,
            CourseUrl = hasCourse ? $"/api/courses/{job.CourseId}" : null,
            FailureReason = job.FailureReason,
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
        };
    }
}
