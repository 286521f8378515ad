namespace Mirai.Platform.Documents;

/// <summary>A heading and what follows it, up to the next heading of any level.</summary>
/// <param name="Heading">The heading; <see langword="null"/> for what precedes the first one.</param>
/// <param name="Level">1 for the highest heading to 6; 0 without a heading.</param>
/// <param name="Text">What follows: one line for each paragraph, list item and table row; code keeps its
/// lines.</param>
/// <param name="Words">The number of words in heading and text.</param>
public sealed record DocumentSection(string? Heading, int Level, string Text, int Words)
{
    /// <summary>The page it begins on, from 1; <see langword="null"/> where the format has none.</summary>
    public int? Page { get; init; }
}
