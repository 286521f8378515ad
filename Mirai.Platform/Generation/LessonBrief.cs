namespace Mirai.Platform.Generation;

/// <summary>What a lesson is to be.</summary>
/// <param name="Course">The title of its course.</param>
/// <param name="Lessons">The titles of all its lessons, in order.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it teaches.</param>
/// <param name="Instructions">What else to mind, in the words of whoever asks for it.</param>
internal sealed record LessonBrief(
    string Course, IReadOnlyList<string> Lessons, string Title, string Summary, string? Instructions);
