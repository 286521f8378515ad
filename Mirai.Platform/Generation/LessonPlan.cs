namespace Mirai.Platform.Generation;

/// <summary>A lesson as a generator plans it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">What it teaches.</param>
/// <param name="Sources">The pieces of the material it is made from, by their labels.</param>
internal sealed record LessonPlan(string Title, string Summary, IReadOnlyList<int> Sources);
