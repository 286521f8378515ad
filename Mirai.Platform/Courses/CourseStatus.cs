namespace Mirai.Platform.Courses;

/// <summary>Whether learners see a course.</summary>
public enum CourseStatus
{
    /// <summary>The course is being written.</summary>
    Draft = 0,

    /// <summary>Learners see the course.</summary>
    Published = 1,

    /// <summary>The course is kept, and learners do not see it.</summary>
    Archived = 2,
}

/// <summary>Statuses in lower case, as cache keys, cache entries and requests contain them.</summary>
public static class CourseStatusText
{
    /// <summary>All statuses.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<CourseStatus>().Select(Of)];

    /// <summary>Writes a status.</summary>
    /// <param name="status">The status.</param>
    /// <returns>For instance <c>published</c>.</returns>
    public static string Of(CourseStatus status) => status switch
    {
        CourseStatus.Draft => "draft",
        CourseStatus.Published => "published",
        CourseStatus.Archived => "archived",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };

    /// <summary>Reads a status.</summary>
    /// <param name="text">For instance <c>published</c>.</param>
    /// <returns><see langword="null"/> when there is no status of that name.</returns>
    public static CourseStatus? Find(string? text) =>
        Enum.GetValues<CourseStatus>().Select(status => (CourseStatus?)status)
            .FirstOrDefault(status => Of(status!.Value) == text);
}
