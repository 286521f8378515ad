using System.Globalization;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>What texts may be. PostgreSQL keeps every character but NUL.</summary>
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

    // A tag is a part of a key of the cache.
    public static IEnumerable<(string Field, string Error)> Tag(string? tag)
    {
        var error = "must not be null";
        try
        {
            error = tag is null ? error : CacheKeys.CoursesWithTag(tag) is null ? error : "";
        }
        catch (ArgumentException exception)
        {
            error = exception.Message.Split(" (Parameter", 2)[0];
        }

        return error.Length > 0 ? [("tags", error)] : [];
    }
}
