namespace Mirai.Platform.Generation;

/// <summary>A course as a generator plans it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Lessons">Its lessons, in order.</param>
internal sealed record OutlineDraft(string Title, string Summary, IReadOnlyList<LessonPlan> Lessons);
