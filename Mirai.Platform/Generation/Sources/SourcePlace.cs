namespace Mirai.Platform.Generation.Sources;

/// <summary>Where a piece of a document stands.</summary>
/// <param name="Section">Its section, from 0.</param>
/// <param name="Heading">The section's heading.</param>
/// <param name="Level">The heading's level; 0 without one.</param>
/// <param name="Page">Its page, from 1.</param>
internal sealed record SourcePlace(int Section, string? Heading, int Level, int? Page);
