using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Mirai.Platform.Extraction;

/// <summary>The text of a part of a Word document as it is now: what was deleted under revision is gone.</summary>
internal static class DocxText
{
    public static string Of(OpenXmlElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return WellFormed.Of(text.ToString());
    }

    // DocxPackage refuses deep nesting, so recursion is safe.
    private static void Append(OpenXmlElement element, StringBuilder text)
    {
        foreach (var child in element.ChildElements)
        {
            switch (child)
            {
                case Text run:
                    text.Append(run.Text);
                    break;
                case TabChar:
                    text.Append(' ');
                    break;
                case NoBreakHyphen:
                    text.Append('-');
                    break;
                case Break or CarriageReturn:
                    text.Append('\n');
                    break;

                // The same content once more, for programs that do not know the first form.
                case AlternateContentFallback:
                    break;
                case Paragraph inner:
                    text.Append(text.Length > 0 ? "\n" : "");
                    Append(inner, text);
                    break;
                default:
                    Append(child, text);
                    break;
            }
        }
    }
}
