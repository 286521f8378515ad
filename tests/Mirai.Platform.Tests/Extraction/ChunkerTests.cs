using CsCheck;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class ChunkerTests : ExtractorTest
{
    [Test]
    public void Chunks_NameTheirPlace()
    {
        var extraction = Markdown("# One\n\nFirst.\n\n# Empty\n\n# Two\n\nSecond.\n\nThird.");

        Assert.That(extraction.Chunks, Is.EqualTo(new[]
        {
            new DocumentChunk(0, 0, null, 5, 6),
            new DocumentChunk(1, 2, null, 25, 14),
        }));
        Assert.That(extraction.Chunks.Select(extraction.TextOf), Is.EqualTo(new[] { "First.", "Second.\nThird." }));
    }

    [Test]
    public void Chunks_EndWithASentence_WhenALineIsLong()
    {
        var sentence = string.Join(' ', Enumerable.Repeat("word", 150)) + ".";

        var extraction = Plain($"{sentence} {sentence} {sentence}");

        Assert.That(extraction.Chunks.Select(extraction.TextOf), Is.EqualTo(new[] { sentence, sentence, sentence }));
    }

    [Test]
    public void Chunks_HoldTheWholeText_WhateverItIs() => Gen
        .OneOf(
            Gen.Const("a"), Gen.Const(" "), Gen.Const("\n"), Gen.Const(". "), Gen.Const("\U0001F600"),
            Gen.Const("。"))
        .Array[1, 4_000]
        .Where(parts => parts.Contains("a"))
        .Sample(
            parts =>
            {
                var extraction = Plain(string.Concat(parts));
                var pieces = extraction.Chunks.Select(extraction.TextOf).ToList();

                return Bare(string.Concat(pieces)) == Bare(extraction.Text)
                    && pieces.All(piece => piece.Length is > 0 and <= DocumentChunk.MaxLength && piece.Trim() == piece
                        && !char.IsLowSurrogate(piece[0]));
            },
            iter: 300);

    private static string Bare(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
