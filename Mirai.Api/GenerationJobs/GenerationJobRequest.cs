using Mirai.Api.Requests;
using Mirai.Platform.Generation;

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

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public GenerationRequest Read()
    {
        var errors = new FieldErrors();
        var kind = Kind switch
        {
            "outline" => GenerationKind.Outline,
            "lessons" => GenerationKind.Lessons,
            _ => (GenerationKind?)null,
        };
        if (kind is null)
        {
            errors.Add("kind", "must be outline or lessons");
        }

        var request = new GenerationRequest(kind ?? GenerationKind.Outline)
        {
            Documents =
            [
                .. (Documents ?? []).Select(id => FieldValues.Id("documents", id ?? "", errors) ?? default),
            ],
            CourseId = FieldValues.Id("courseId", CourseId, errors),
            FolderId = FieldValues.Id("folderId", FolderId, errors),
            Title = Title,
            Instructions = Instructions,
        };
        errors.ThrowIfAny();

        return MaxLessons is { } most ? request with { MaxLessons = most } : request;
    }
}
