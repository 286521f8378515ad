
namespace Mirai.Platform.Generation;

/// <summary>Plans courses and writes lessons from documents.</summary>
internal interface ICourseGenerator
{
    /// <summary>The name that courses and lessons carry: <c>extractive</c>, or <c>model:</c> and the name of the
    /// model.</summary>
    string Name { get; }

    /// <summary>Plans a course.</summary>
    /// <exception cref="ModelBusyException">The model's endpoint asks for a pause.</exception>
    /// <exception cref="ModelRefusedException">The model refuses; trying again does not help.</exception>
    /// <exception cref="ModelFailedException">The model failed; a later attempt may succeed.</exception>
    Task<OutlineDraft> OutlineAsync(OutlineBrief brief, SourceMaterial material, CancellationToken cancellationToken);

    /// <summary>Writes a lesson, with the exceptions of <see cref="OutlineAsync"/>.</summary>
    Task<LessonDraft> LessonAsync(LessonBrief brief, SourceMaterial material, CancellationToken cancellationToken);
}

/// <summary>The course to plan.</summary>
/// <param name="Title">The title; <see langword="null"/> lets the generator choose.</param>
/// <param name="Instructions">Further instructions, in the words of the person who asks.</param>
/// <param name="Lessons">The most lessons.</param>
internal sealed record OutlineBrief(string? Title, string? Instructions, int Lessons);

/// <summary>A course as a generator plans it.</summary>
/// <param name="Title">The title.</param>
/// <param name="Summary">The subject, in a few sentences.</param>
/// <param name="Lessons">The lessons, in order.</param>
internal sealed record OutlineDraft(string Title, string Summary, IReadOnlyList<LessonPlan> Lessons);

/// <summary>A lesson as a generator plans it.</summary>
/// <param name="Title">The title.</param>
/// <param name="Summary">The subject, in a few sentences.</param>
/// <param name="Sources">The labels of the chunks that the lesson is made from.</param>
internal sealed record LessonPlan(string Title, string Summary, IReadOnlyList<int> Sources);

/// <summary>The lesson to write.</summary>
/// <param name="Course">The title of the course.</param>
/// <param name="Lessons">The titles of all lessons of the course, in order.</param>
/// <param name="Title">The title of the lesson.</param>
/// <param name="Summary">The subject, in a few sentences.</param>
/// <param name="Instructions">Further instructions, in the words of the person who asks.</param>
internal sealed record LessonBrief(
    string Course, IReadOnlyList<string> Lessons, string Title, string Summary, string? Instructions);

/// <summary>A lesson as a generator wrote it.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="KeyPoints">The points to remember.</param>
/// <param name="Sources">The labels of the chunks that the lesson is made from.</param>
internal sealed record LessonDraft(string Body, IReadOnlyList<string> KeyPoints, IReadOnlyList<int> Sources);
