namespace Mirai.Platform.Courses;

/// <summary>Which courses: all, or one of the two.</summary>
/// <param name="Status">Those of a status.</param>
/// <param name="Tag">Those with a tag, out of those of the status.</param>
public sealed record CourseFilter(CourseStatus? Status = null, string? Tag = null);
