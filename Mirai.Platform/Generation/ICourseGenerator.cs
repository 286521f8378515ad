using Mirai.Platform.Generation.Sources;

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
