namespace Mirai.Platform.Generation;

/// <summary>What somebody wants made.</summary>
/// <param name="Kind">An outline, or the lessons of one.</param>
public sealed record GenerationRequest(GenerationKind Kind)
{
    /// <summary>The most documents of a course.</summary>
    public const int MostDocuments = 20;

    /// <summary>The longest instructions, in characters.</summary>
    public const int LongestInstructions = 4_000;

    /// <summary>What an outline is made from: 1 to <see cref="MostDocuments"/>. Lessons are made from those of their
    /// outline.</summary>
    public IReadOnlyList<Guid> Documents { get; init; } = [];

    /// <summary>The course whose planned lessons are written; only with
    /// <see cref="GenerationKind.Lessons"/>.</summary>
    public Guid? CourseId { get; init; }

    /// <summary>The title of the course, if that is settled; only for an outline.</summary>
    public string? Title { get; init; }

    /// <summary>The folder the course goes into; only for an outline.</summary>
    public Guid? FolderId { get; init; }

    /// <summary>How many lessons an outline has at most.</summary>
    /// <value>1 to 50. Default: 12.</value>
    public int MaxLessons { get; init; } = 12;

    /// <summary>What else to mind, in words for the model. Without a model it has no effect.</summary>
    public string? Instructions { get; init; }
}

/// <summary>A request for a job that cannot be taken.</summary>
public sealed class InvalidGenerationException : Exception
{
    /// <summary>What is wrong.</summary>
    /// <param name="field">The field of the request, in camel case.</param>
    /// <param name="error">What is wrong with it.</param>
    public InvalidGenerationException(string field, string error)
        : base($"{field} {error}.") => (Field, Error) = (field, error);

    /// <summary>The field of the request, in camel case.</summary>
    public string Field { get; }

    /// <summary>What is wrong with it.</summary>
    public string Error { get; }
}
