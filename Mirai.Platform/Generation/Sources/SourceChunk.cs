namespace Mirai.Platform.Generation.Sources;

/// <summary>A piece of a document, as generators see it.</summary>
/// <param name="Label">Its number in the material.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Document">What the document is called.</param>
/// <param name="Chunk">Its number in the document.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="Text">What it says.</param>
internal sealed record SourceChunk(
    int Label, Guid DocumentId, string Document, int Chunk, SourcePlace Place, string Text);
