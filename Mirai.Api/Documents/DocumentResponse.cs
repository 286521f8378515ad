using System.Text.Json.Serialization;
using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>A document as the API shows it. Members without a value are left out.</summary>
internal sealed record DocumentResponse
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Size of the document, in bytes.</summary>
    public required int Size { get; init; }

    [JsonConverter(typeof(CamelCaseEnumConverter<DocumentState>))]
    public required DocumentState State { get; init; }

    /// <summary>How much of it is read, from 0 to 100.</summary>
    public required int Progress { get; init; }

    /// <summary>Why it could not be read.</summary>
    public string? FailureReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? Title { get; init; }

    public int? Words { get; init; }

    public int? Pages { get; init; }

    /// <summary>How many chunks there are; <c>/chunks</c> lists them.</summary>
    public int? Chunks { get; init; }

    public IReadOnlyList<string>? KeyTerms { get; init; }

    public IReadOnlyList<DocumentSection>? Sections { get; init; }

    public static DocumentResponse From(Document document) => new()
    {
        Id = document.Id,
        Name = document.Name,
        MediaType = document.MediaType,
        Size = document.Size,
        State = document.State,
        Progress = document.Percent,
        FailureReason = document.FailureReason,
        CreatedAt = document.CreatedAt,
        FinishedAt = document.FinishedAt,
        Title = document.Extraction?.Title,
        Words = document.Extraction?.Words,
        Pages = document.Extraction?.Pages,
        Chunks = document.Extraction?.Chunks.Count,
        KeyTerms = document.Extraction?.KeyTerms,
        Sections = document.Extraction?.Sections,
    };
}

/// <summary>A piece of a document, and its place there.</summary>
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
