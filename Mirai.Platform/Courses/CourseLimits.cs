using System.Globalization;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Limits of courses, lessons and folders.</summary>
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

    /// <summary>The most levels of folders.</summary>
    public const int DeepestFolder = 20;
}

/// <summary>Checks fields against their limits. PostgreSQL stores every character but NUL.</summary>
internal static class TextRules
{
    public static IEnumerable<(string Field, string Error)> Required(string field, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest || text.Contains('\0', StringComparison.Ordinal))
        {
            yield return (field, string.Create(CultureInfo.InvariantCulture, $"must have 1 to {longest} characters"));
        }
    }

    public static IEnumerable<(string Field, string Error)> Optional(string field, string? text, int longest) =>
        text is null ? [] : Required(field, text, longest);

    public static IEnumerable<(string Field, string Error)> Count(string field, int count, int most)
    {
        if (count > most)
        {
            yield return (field, string.Create(CultureInfo.InvariantCulture, $"must have at most {most} items"));
        }
    }

    // A tag is part of a cache key, so the rules of cache keys hold for it.
    public static IEnumerable<(string Field, string Error)> Tag(string? tag)
    {
        if (tag is null)
        {
            return [("tags", "must not be null")];
        }

        try
        {
            _ = CacheKeys.CoursesWithTag(tag);
            return [];
        }
        catch (ArgumentException exception)
        {
            return [("tags", exception.Message.Split(" (Parameter", 2)[0])];
        }
    }
}
