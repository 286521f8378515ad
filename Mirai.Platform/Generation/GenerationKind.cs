namespace Mirai.Platform.Generation;

/// <summary>What is made.</summary>
public enum GenerationKind
{
    /// <summary>A course with its lessons planned.</summary>
    Outline = 0,

    /// <summary>The texts of a course's planned lessons.</summary>
    Lessons = 1,
}
