namespace Mirai.Platform.Courses;

/// <summary>A lesson as a person writes it.</summary>
/// <param name="Title">What it is called.</param>
public sealed record LessonContent(string Title)
{
    /// <summary>The lesson that is changed; <see langword="null"/>, or one that is not of this course, adds
    /// one.</summary>
    public Guid? Id { get; init; }

    /// <summary>What it teaches.</summary>
    public string? Summary { get; init; }

    /// <summary>Its text, in Markdown; none while it is only planned.</summary>
    public string? Body { get; init; }

    /// <summary>What to remember.</summary>
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
