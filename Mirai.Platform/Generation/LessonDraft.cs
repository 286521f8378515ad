namespace Mirai.Platform.Generation;

/// <summary>A lesson as a generator wrote it.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="KeyPoints">What to remember.</param>
/// <param name="Sources">The pieces of the material it is made from, by their labels.</param>
internal sealed record LessonDraft(string Body, IReadOnlyList<string> KeyPoints, IReadOnlyList<int> Sources);
