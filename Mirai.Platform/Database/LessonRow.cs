using Mirai.Platform.Library;

namespace Mirai.Platform.Database;

/// <summary>A lesson of a course.</summary>
internal sealed class LessonRow
{
    public required Guid Id { get; init; }

    public Guid CourseId { get; init; }

    public required int Position { get; set; }

    public required string Title { get; set; }

    public string? Summary { get; set; }

    /// <summary>Markdown; none while the lesson is only planned.</summary>
    public string? Body { get; set; }

    public required List<string> KeyPoints { get; set; }

    public required List<LessonSource> Sources { get; set; }

    public string? Generator { get; set; }
}
