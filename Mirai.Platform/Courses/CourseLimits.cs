namespace Mirai.Platform.Courses;

/// <summary>How long and how many.</summary>
public static class CourseLimits
{
    /// <summary>The longest title of a course or lesson and the longest name of a folder, in characters.</summary>
    public const int LongestTitle = 300;

    /// <summary>The longest summary, in characters.</summary>
    public const int LongestSummary = 4_000;

    /// <summary>The longest text of a lesson, in characters.</summary>
    public const int LongestBody = 200_000;

    /// <summary>The longest point to remember, in characters.</summary>
    public const int LongestKeyPoint = 2_000;

    /// <summary>The most points to remember of a lesson.</summary>
    public const int MostKeyPoints = 50;

    /// <summary>The most lessons of a course.</summary>
    public const int MostLessons = 100;

    /// <summary>The most tags of a course.</summary>
    public const int MostTags = 20;

    /// <summary>The most courses in a list, and the most folders.</summary>
    public const int LongestList = 5_000;

    /// <summary>How deep folders nest.</summary>
    public const int DeepestFolder = 20;
}
