using System.Globalization;

namespace Mirai.Platform.Courses;

/// <summary>A course as a person writes it.</summary>
/// <param name="Title">What it is called.</param>
public sealed record CourseContent(string Title)
{
    /// <summary>What it is about.</summary>
    public string? Summary { get; init; }

    /// <summary>The folder it lies in, if any.</summary>
    public Guid? FolderId { get; init; }

    /// <summary>Where it stands.</summary>
    public CourseStatus Status { get; init; }

    /// <summary>Its tags; the same one twice is one.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>All its lessons, in order; <see langword="null"/> leaves them as they are.</summary>
    public IReadOnlyList<LessonContent>? Lessons { get; init; }

    /// <summary>What is wrong with it, each with the name of its field.</summary>
    /// <returns>Nothing when it can be stored.</returns>
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
