using System.Collections.Frozen;
using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace Mirai.Platform.Extraction;

/// <summary>Reads HTML as a stream of tags and text.</summary>
/// <remarks>The reader builds no tree, because that takes quadratic time on some input (a million unclosed tags) and
/// nested templates overflow the stack, which ends the process. Sections and lines need no tree.</remarks>
internal sealed class HtmlReader
{
    private static readonly FrozenSet<string> Blocks = FrozenSet.Create(
        StringComparer.Ordinal,
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head", "header", "hgroup", "hr",
        "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search", "section",
        "select", "summary", "table", "tbody", "textarea", "tfoot", "thead", "title", "tr", "ul");

    // Elements whose content is not part of the page's text.
    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        StringComparer.Ordinal, "iframe", "noembed", "noframes", "noscript", "script", "style", "template");

    private readonly SectionBuilder sections;
    private readonly HtmlLine line = new();
    private int heading;

    private HtmlReader(SectionBuilder sections) => this.sections = sections;

    /// <summary>Adds the text of a page, or of a part of a page.</summary>
    public static void Read(string html, SectionBuilder sections)
    {
        using var source = new TextSource(html);
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver) { SkipComments = true };
        new HtmlReader(sections).Read(tokenizer);
    }

    private void Read(HtmlTokenizer tokenizer)
    {
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            switch (token.Type)
            {
                case HtmlTokenType.StartTag:
                    tokenizer.State = ModeOf(token.Name);
                    Open(tokenizer, token.AsTag());
                    break;
                case HtmlTokenType.EndTag:
                    Close(token.Name);
                    break;
                case HtmlTokenType.Character:
                    line.Append(token.Data);
                    break;
            }
        }

        Flush();
    }

    private void Open(HtmlTokenizer tokenizer, HtmlTagToken tag)
    {
        var name = tag.Name;
        if (Skipped.Contains(name))
        {
            Skip(tokenizer, name);
        }
        else if (LevelOf(name) is > 0 and var level)
        {
            Flush();
            heading = level;
        }
        else if (name is "td" or "th")
        {
            line.StartCell();
        }
        else if (name == "br")
        {
            line.Break();
        }
        else if (name == "img")
        {
            line.Append($" {tag.GetAttribute("alt")} ");
        }
        else if (Blocks.Contains(name))
        {
            Flush();
            line.KeepsSpace = name == "pre";
        }
    }

    private void Close(string name)
    {
        if (name == "title")
        {
            sections.SetTitle(line.Take());
        }
        else if (LevelOf(name) > 0)
        {
            Flush();
            heading = 0;
        }
        else if (Blocks.Contains(name))
        {
            Flush();
            line.KeepsSpace = false;
        }
    }

    // Only templates nest: the tokenizer reads the content of the other elements as text.
    private static void Skip(HtmlTokenizer tokenizer, string name)
    {
        var depth = 1;
        while (depth > 0 && tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            if (token.Name == name && token.Type is HtmlTokenType.StartTag or HtmlTokenType.EndTag)
            {
                depth += token.Type == HtmlTokenType.StartTag ? 1 : -1;
            }
        }
    }

    // A heading that is not closed ends at the end of its first line.
    private void Flush()
    {
        var verbatim = line.KeepsSpace;
        if (line.Take() is not { Length: > 0 } text)
        {
            return;
        }

        if (heading > 0)
        {
            sections.AddHeading(heading, text);
            heading = 0;
        }
        else if (verbatim)
        {
            sections.AddLines(text);
        }
        else
        {
            sections.AddParagraph(text);
        }
    }

    private static int LevelOf(string name) =>
        name is ['h', >= '1' and <= '6' and var digit] ? digit - '0' : 0;

    private static HtmlParseMode ModeOf(string name) => name switch
    {
        "script" => HtmlParseMode.Script,
        "style" or "iframe" or "noembed" or "noframes" or "noscript" or "xmp" => HtmlParseMode.Rawtext,
        "title" or "textarea" => HtmlParseMode.RCData,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };
}

/// <summary>The text since the last tag that started a new line.</summary>
internal sealed class HtmlLine
{
    private readonly StringBuilder text = new();
    private bool startsCell;

    /// <summary>Whether line breaks and runs of spaces in the source are kept, as in <c>pre</c>.</summary>
    public bool KeepsSpace { get; set; }

    public void Append(string data)
    {
        if (startsCell && !string.IsNullOrWhiteSpace(data))
        {
            text.Append(text.Length > 0 ? SectionBuilder.CellSeparator : "");
            startsCell = false;
        }

        if (KeepsSpace)
        {
            text.Append(data);
            return;
        }

        foreach (var letter in data)
        {
            // A line break in the source is a space; '\n' in the line stands for a br element.
            text.Append(letter is '\n' or '\r' or '\t' or '\f' ? ' ' : letter);
        }
    }

    public void Break() => text.Append('\n');

    /// <summary>Starts a table cell. An empty cell adds nothing.</summary>
    public void StartCell() => startsCell = true;

    public string Take()
    {
        var taken = text.ToString();
        text.Clear();
        startsCell = false;
        return taken;
    }
}
