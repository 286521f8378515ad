namespace Mirai.Platform.Generation;

/// <summary>A request to generate a course, or the lessons of a course.</summary>
/// <param name="Kind">An outline, or the lessons of an outline.</param>
public sealed record GenerationRequest(GenerationKind Kind)
{
    /// <summary>The most documents of a course.</summary>
    public const int MostDocuments = 20;

    /// <summary>The longest instructions, in characters.</summary>
    public const int LongestInstructions = 4_000;

    /// <summary>The documents of an outline: 1 to <see cref="MostDocuments"/>. Lessons are made from the documents of
    /// their outline.</summary>
    public IReadOnlyList<Guid> Documents { get; init; } = [];

    /// <summary>The course whose planned lessons are to be written; only with
    /// <see cref="GenerationKind.Lessons"/>.</summary>
    public Guid? CourseId { get; init; }

    /// <summary>The title of the course; <see langword="null"/> lets the generator choose. Only for an
    /// outline.</summary>
    public string? Title { get; init; }

    /// <summary>The folder that is to contain the course; only for an outline.</summary>
    public Guid? FolderId { get; init; }

    /// <summary>The most lessons of an outline.</summary>
    /// <value>1 to 50. Default: 12.</value>
    public int MaxLessons { get; init; } = 12;

    /// <summary>Further instructions for the model. Without a model they have no effect.</summary>
    public string? Instructions { get; init; }
}

/// <summary>A request for a job is not valid.</summary>
public sealed class InvalidGenerationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="field">The field of the request, in camel case.</param>
    /// <param name="error">What is wrong with it.</param>
    public InvalidGenerationException(string field, string error)
        : base($"{field} {error}.") => (Field, Error) = (field, error);

    /// <summary>The field of the request, in camel case.</summary>
    public string Field { get; }

    /// <summary>What is wrong with it.</summary>
    public string Error { get; }
}
