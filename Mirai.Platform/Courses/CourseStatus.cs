namespace Mirai.Platform.Courses;

/// <summary>Where a course stands.</summary>
public enum CourseStatus
{
    /// <summary>Being made.</summary>
    Draft = 0,

    /// <summary>For learners.</summary>
    Published = 1,

    /// <summary>Kept, and not shown to learners.</summary>
    Archived = 2,
}
