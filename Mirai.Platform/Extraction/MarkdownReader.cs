using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Mirai.Platform.Extraction;

/// <summary>Reads Markdown.</summary>
internal static class MarkdownReader
{
    // Markdig takes quadratic time for some paragraphs ("[a]([a](…"), and quadratic memory for some tables, because it
    // pads every row to the widest. Longer paragraphs, and tables that are mostly padding, stay as written, with their
    // marks.
    private const int MaxParagraphLength = 16 * 1024;
    private const int MaxPadding = 4;

    private static readonly MarkdownPipeline Pipeline = BuildPipeline();

    /// <summary>Adds the text of a document.</summary>
    public static void Read(string markdown, SectionBuilder sections) =>
        Read(Markdown.Parse(markdown, Pipeline), sections);

    private static MarkdownPipeline BuildPipeline()
    {
        var builder = new MarkdownPipelineBuilder()
            .UseYamlFrontMatter().UsePipeTables().UseTaskLists().UseEmphasisExtras();
        builder.BlockParsers.Find<ParagraphBlockParser>()!.Closed += KeepAsWrittenWhenCostly;
        builder.BlockParsers.Find<HeadingBlockParser>()!.Closed += KeepAsWrittenWhenCostly;

        return builder.Build();
    }

    private static void KeepAsWrittenWhenCostly(BlockProcessor processor, Block block)
    {
        if (block is LeafBlock { Lines: { Count: > 0 } lines } leaf)
        {
            var (length, cells, widest, rows) = (0, 0, 0, 0);
            foreach (var line in lines.Lines.Take(lines.Count).Select(line => line.Slice))
            {
                var bars = line.AsSpan().Count('|');
                length += line.Length;
                cells += bars;
                widest = Math.Max(widest, bars);
                rows += bars > 0 ? 1 : 0;
            }

            leaf.ProcessInlines &= length <= MaxParagraphLength && (long)widest * rows <= (long)MaxPadding * cells;
        }
    }

    // Markdig refuses to nest deeper than 128, so recursion is safe.
    private static void Read(ContainerBlock container, SectionBuilder sections)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case YamlFrontMatterBlock or LinkReferenceDefinitionGroup:
                    break;
                case HeadingBlock heading:
                    sections.AddHeading(heading.Level, TextOf(heading));
                    break;
                case HtmlBlock html:
                    HtmlReader.Read(html.Lines.ToString(), sections);
                    break;
                case CodeBlock code:
                    sections.AddLines(code.Lines.ToString());
                    break;
                case TableRow row:
                    sections.AddParagraph(string.Join(
                        SectionBuilder.CellSeparator,
                        row.Cast<ContainerBlock>()
                            .Select(cell => string.Join(' ', cell.OfType<LeafBlock>().Select(TextOf)))
                            .Where(cell => !string.IsNullOrWhiteSpace(cell))));
                    break;
                case ContainerBlock inner:
                    Read(inner, sections);
                    break;
                case LeafBlock { Inline: null } leaf:
                    sections.AddLines(leaf.Lines.ToString());
                    break;
                case LeafBlock leaf:
                    sections.AddParagraph(TextOf(leaf));
                    break;
            }
        }
    }

    private static string TextOf(LeafBlock leaf)
    {
        if (leaf.Inline is null)
        {
            return leaf.Lines.ToString();
        }

        var text = new StringBuilder();
        Append(leaf.Inline, text);
        return text.ToString();
    }

    private static void Append(ContainerInline container, StringBuilder text)
    {
        foreach (var inline in container)
        {
            _ = inline switch
            {
                LiteralInline literal => text.Append(literal.Content.AsSpan()),
                CodeInline code => text.Append(code.Content),
                HtmlEntityInline entity => text.Append(entity.Transcoded.AsSpan()),
                AutolinkInline link => text.Append(link.Url),
                LineBreakInline { IsHard: false } => text.Append(' '),
                LineBreakInline => text.Append('\n'),
                HtmlInline { Tag: var tag } when tag.StartsWith("<br", StringComparison.OrdinalIgnoreCase) =>
                    text.Append('\n'),
                _ => text,
            };
            if (inline is ContainerInline inner)
            {
                Append(inner, text);
            }
        }
    }
}
