using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Library;

/// <summary>A lesson in its course, as the cache holds it.</summary>
/// <param name="Id">The id of the lesson.</param>
/// <param name="Title">The title.</param>
public sealed record Lesson(string Id, string Title)
{
    /// <summary>What the lesson teaches.</summary>
    public string? Summary { get; init; }

    /// <summary>The text, in Markdown; <see langword="null"/> while the lesson is only planned.</summary>
    public string? Body { get; init; }

    /// <summary>The points to remember.</summary>
    public IReadOnlyList<string> KeyPoints { get; init; } = [];

    /// <summary>The pieces of documents that the lesson comes from.</summary>
    public IReadOnlyList<LessonSource> Sources { get; init; } = [];

    /// <summary>The generator that wrote the text, for instance <c>extractive</c>; <see langword="null"/> when a
    /// person wrote it.</summary>
    public string? Generator { get; init; }

    /// <summary>Members that other services added; written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>A piece of a document that a lesson comes from.</summary>
/// <param name="DocumentId">The id of the document.</param>
/// <param name="Chunk">The number of the piece in its document, from 0.</param>
public sealed record LessonSource(string DocumentId, int Chunk)
{
    /// <summary>The heading above the piece, if the document has one there.</summary>
    public string? Heading { get; init; }

    /// <summary>The page, from 1, where the document has pages.</summary>
    public int? Page { get; init; }
}
