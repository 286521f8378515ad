
namespace Mirai.Platform.Generation;

/// <summary>Makes courses from documents.</summary>
internal interface ICourseGenerator
{
    /// <summary>How what it makes is labelled: <c>extractive</c>, or <c>model:</c> and the name of the
    /// model.</summary>
    string Name { get; }

    /// <summary>Plans a course.</summary>
    /// <exception cref="ModelBusyException">Not now.</exception>
    /// <exception cref="ModelRefusedException">Never.</exception>
    /// <exception cref="ModelFailedException">Not this time.</exception>
    Task<OutlineDraft> OutlineAsync(OutlineBrief brief, SourceMaterial material, CancellationToken cancellationToken);

    /// <summary>Writes a lesson; fails as <see cref="OutlineAsync"/> does.</summary>
    Task<LessonDraft> LessonAsync(LessonBrief brief, SourceMaterial material, CancellationToken cancellationToken);
}

/// <summary>What a course is to be.</summary>
/// <param name="Title">Its title, if that is settled.</param>
/// <param name="Instructions">What else to mind, in the words of whoever asks for it.</param>
/// <param name="Lessons">How many lessons at most.</param>
internal sealed record OutlineBrief(string? Title, string? Instructions, int Lessons);

/// <summary>A course as a generator plans it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Lessons">Its lessons, in order.</param>
internal sealed record OutlineDraft(string Title, string Summary, IReadOnlyList<LessonPlan> Lessons);

/// <summary>A lesson as a generator plans it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">What it teaches.</param>
/// <param name="Sources">The pieces of the material it is made from, by their labels.</param>
internal sealed record LessonPlan(string Title, string Summary, IReadOnlyList<int> Sources);

/// <summary>What a lesson is to be.</summary>
/// <param name="Course">The title of its course.</param>
/// <param name="Lessons">The titles of all its lessons, in order.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it teaches.</param>
/// <param name="Instructions">What else to mind, in the words of whoever asks for it.</param>
internal sealed record LessonBrief(
    string Course, IReadOnlyList<string> Lessons, string Title, string Summary, string? Instructions);

/// <summary>A lesson as a generator wrote it.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="KeyPoints">What to remember.</param>
/// <param name="Sources">The pieces of the material it is made from, by their labels.</param>
internal sealed record LessonDraft(string Body, IReadOnlyList<string> KeyPoints, IReadOnlyList<int> Sources);
