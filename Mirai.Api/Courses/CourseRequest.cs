using System.Text.Json;

namespace Mirai.Api.Courses;

/// <summary>Body of <c>POST /api/courses</c> and <c>PUT /api/courses/{id}</c>. What the API sets itself may be there,
/// so that a course can be sent back as it was read; it is ignored.</summary>
internal sealed record CourseRequest
{
    public string? Title { get; init; }

    public string? Summary { get; init; }

    public string? FolderId { get; init; }

    public string? Status { get; init; }

    public List<string?>? Tags { get; init; }

    /// <summary>All lessons in order; absent or null leaves them as they are.</summary>
    public List<LessonRequest?>? Lessons { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Id { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Generator { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Version { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement UpdatedAt { get; init; }
}
