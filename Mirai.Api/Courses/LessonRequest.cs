using System.Text.Json;

namespace Mirai.Api.Courses;

/// <summary>A lesson in the body of a course.</summary>
internal sealed record LessonRequest
{
    /// <summary>The lesson that is changed; without one it is a new one.</summary>
    public string? Id { get; init; }

    public string? Title { get; init; }

    public string? Summary { get; init; }

    /// <summary>Markdown.</summary>
    public string? Body { get; init; }

    public List<string?>? KeyPoints { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Sources { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Generator { get; init; }
}
