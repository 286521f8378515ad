using Mirai.Platform.Courses;

namespace Mirai.Platform.Database;

/// <summary>A course.</summary>
internal sealed class CourseRow
{
    public required Guid Id { get; init; }

    public required string Title { get; set; }

    public string? Summary { get; set; }

    public Guid? FolderId { get; set; }

    public required CourseStatus Status { get; set; }

    public required List<string> Tags { get; set; }

    public string? Generator { get; init; }

    /// <summary>What it was made from: the labels of its lessons' sources count in this order.</summary>
    public List<Guid> Documents { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Rises with every change of the course or its lessons.</summary>
    public int Version { get; set; } = 1;

    public List<LessonRow> Lessons { get; init; } = [];
}
