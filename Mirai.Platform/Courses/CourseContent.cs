using System.Globalization;

namespace Mirai.Platform.Courses;

/// <summary>A course as a person writes it.</summary>
/// <param name="Title">The title.</param>
public sealed record CourseContent(string Title)
{
    /// <summary>The subject of the course, in a few sentences.</summary>
    public string? Summary { get; init; }

    /// <summary>The folder that contains the course, if any.</summary>
    public Guid? FolderId { get; init; }

    /// <summary>Whether learners see the course.</summary>
    public CourseStatus Status { get; init; }

    /// <summary>The tags. A tag that is named twice is stored once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>All lessons, in order; <see langword="null"/> leaves the stored lessons unchanged.</summary>
    public IReadOnlyList<LessonContent>? Lessons { get; init; }

    /// <summary>Checks the fields.</summary>
    /// <returns>Each error with the name of its field; none when the content can be stored.</returns>
    public IEnumerable<(string Field, string Error)> Check() =>
    [
        .. TextRules.Required("title", Title, CourseLimits.LongestTitle),
        .. TextRules.Optional("summary", Summary, CourseLimits.LongestSummary),
        .. TextRules.Count("tags", Tags.Count, CourseLimits.MostTags),
        .. Tags.SelectMany(TextRules.Tag),
        .. TextRules.Count("lessons", Lessons?.Count ?? 0, CourseLimits.MostLessons),
        .. (Lessons ?? []).SelectMany((lesson, index) =>
            lesson.Check(string.Create(CultureInfo.InvariantCulture, $"lessons[{index}]"))),
    ];
}

/// <summary>A lesson as a person writes it.</summary>
/// <param name="Title">The title.</param>
public sealed record LessonContent(string Title)
{
    /// <summary>The lesson to change. <see langword="null"/>, or a lesson of another course, adds a lesson.</summary>
    public Guid? Id { get; init; }

    /// <summary>The subject of the lesson, in a few sentences.</summary>
    public string? Summary { get; init; }

    /// <summary>The text in Markdown; <see langword="null"/> while the lesson is only planned.</summary>
    public string? Body { get; init; }

    /// <summary>The points to remember.</summary>
    public IReadOnlyList<string> KeyPoints { get; init; } = [];

    internal IEnumerable<(string Field, string Error)> Check(string name) =>
    [
        .. TextRules.Required($"{name}.title", Title, CourseLimits.LongestTitle),
        .. TextRules.Optional($"{name}.summary", Summary, CourseLimits.LongestSummary),
        .. TextRules.Optional($"{name}.body", Body, CourseLimits.LongestBody),
        .. TextRules.Count($"{name}.keyPoints", KeyPoints.Count, CourseLimits.MostKeyPoints),
        .. KeyPoints.SelectMany(point => TextRules.Required($"{name}.keyPoints", point, CourseLimits.LongestKeyPoint)),
    ];
}

/// <summary>A folder as a person writes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="ParentId">The folder that contains this folder; <see langword="null"/> at the top.</param>
public sealed record FolderContent(string Name, Guid? ParentId)
{
    /// <summary>Checks the fields.</summary>
    /// <returns>Each error with the name of its field; none when the content can be stored.</returns>
    public IEnumerable<(string Field, string Error)> Check() =>
        TextRules.Required("name", Name, CourseLimits.LongestTitle);
}
