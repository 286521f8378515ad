namespace Mirai.Platform.Courses;

/// <summary>A folder as a person writes it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ParentId">The folder it lies in; <see langword="null"/> for one at the top.</param>
public sealed record FolderContent(string Name, Guid? ParentId)
{
    /// <summary>What is wrong with it, each with the name of its field.</summary>
    /// <returns>Nothing when it can be stored.</returns>
    public IEnumerable<(string Field, string Error)> Check() =>
        TextRules.Required("name", Name, CourseLimits.LongestTitle);
}
