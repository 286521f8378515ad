using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>A piece of a document, and where it stands there.</summary>
internal sealed record ChunkResponse
{
    public required int Index { get; init; }

    /// <summary>The number of its section, from 0.</summary>
    public required int Section { get; init; }

    public string? Heading { get; init; }

    /// <summary>Its page, from 1, where the document has pages.</summary>
    public int? Page { get; init; }

    /// <summary>Where it begins in the whole text, in UTF-16 code units.</summary>
    public required int Offset { get; init; }

    public required int Length { get; init; }

    public required string Text { get; init; }

    public static ChunkResponse From(DocumentExtraction extraction, DocumentChunk chunk) => new()
    {
        Index = chunk.Index,
        Section = chunk.Section,
        Heading = extraction.Sections[chunk.Section].Heading,
        Page = chunk.Page,
        Offset = chunk.Offset,
        Length = chunk.Length,
        Text = extraction.TextOf(chunk),
    };
}
