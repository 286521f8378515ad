using System.Text;
using CsCheck;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class ExtractionPropertyTests
{
    private static readonly string[] MediaTypes =
        [.. DocumentFormat.All.Select(format => format.MediaType), "text/html; charset=gb18030"];

    private static readonly string[] Markup =
    [
        "# ", "## a\n", "\n", "\n\n", "===\n", "---\n", "- ", "1. ", "> ", "    ", "```\n", "|", "|-|-|\n", "*",
        "**", "_", "`", "[", "](", ")", "[a]: b\n", "![", "<", ">", "</", "<p>", "<h1>", "</h1>", "<h3 class=x>",
        "<br>", "<pre>", "</pre>", "<td>", "<script>", "</script>", "<style>", "<title>", "</title>", "<template>",
        "</template>", "<!--", "-->", "<meta charset=utf-16>", "&amp;", "&#xD800;", "&#0;", "&nbsp", "&", "word",
        "don't", "é", "未来", "\U0001F600", " ", "\t", "\r\n", "\u2028", "\"", "'", "=", "\\",
    ];

    [Test]
    public void Extract_ThrowsNothingButUnreadable_WhateverTheBytes() => Gen
        .Select(Gen.Byte.Array[0, 200], Gen.OneOf(MediaTypes))
        .Sample((bytes, mediaType) => Check(mediaType, bytes));

    [Test]
    public void Extract_KeepsItsPromises_WhateverTheMarkup() => Gen
        .Select(Gen.OneOf(Markup).Array[0, 60], Gen.OneOf(MediaTypes.Take(3).ToArray()))
        .Sample((parts, mediaType) => Check(mediaType, Encoding.UTF8.GetBytes(string.Concat(parts))), iter: 5_000);

    private static bool Check(string mediaType, byte[] bytes)
    {
        var content = new DocumentContent("document", mediaType, bytes);
        try
        {
            var extraction = DocumentExtractor.Extract(content);

            return extraction.Words == extraction.Sections.Sum(section => section.Words)
                && extraction.Words == Words.In(extraction.Text).Count()
                && extraction.Text == string.Join("\n\n", extraction.Sections
                    .SelectMany(section => (string?[])[section.Heading, section.Text])
                    .Where(part => !string.IsNullOrEmpty(part)))
                && extraction.Sections.All(section => section.Heading is null
                    ? section.Level == 0
                    : section.Level is >= 1 and <= 6)
                && IsWellFormed(extraction.Text) && IsWellFormed(extraction.Title ?? "")
                && extraction.Text == DocumentExtractor.Extract(content).Text;
        }
        catch (DocumentUnreadableException)
        {
            return true;
        }
    }

    // Neither the database nor JSON can store text with lone surrogates.
    private static bool IsWellFormed(string text) =>
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) >= 0
            && !text.Contains('\0', StringComparison.Ordinal);
}
