using System.Text;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class TextDecoderTests : ExtractorTest
{
    private const string Cafe = "café";

    private static IEnumerable<TestCaseData> Encodings()
    {
        TestCaseData Case(string name, string mediaType, byte[] bytes) =>
            new TestCaseData(mediaType, bytes).SetArgDisplayNames(name);

        yield return Case("UTF-8", "text/plain", Encoding.UTF8.GetBytes(Cafe));
        yield return Case("UTF-8 with mark", "text/plain", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Cafe)]);
        yield return Case("UTF-16 LE with mark", "text/plain", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Cafe)]);
        yield return Case(
            "UTF-16 BE with mark", "text/plain", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Cafe)]);
        yield return Case("declared", "text/plain; charset=iso-8859-1", Encoding.Latin1.GetBytes(Cafe));
        yield return Case(
            "declared in quotes", "text/markdown;charset=\"Windows-1252\"", Encoding.Latin1.GetBytes(Cafe));
        yield return Case(
            "mark wins", "text/plain; charset=iso-8859-1", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Cafe)]);
        yield return Case("meta charset", "text/html", Encoding.Latin1.GetBytes($"<meta charset='ISO-8859-1'>{Cafe}"));
        yield return Case("meta http-equiv", "text/html", Encoding.Latin1.GetBytes(
            $"<META http-equiv=Content-Type content='text/html; charset=windows-1252'>{Cafe}"));
        yield return Case("declared wins over meta", "text/html; charset=utf-8", Encoding.UTF8.GetBytes(
            $"<meta charset=windows-1252>{Cafe}"));
        yield return Case("no meta of use", "text/html", Encoding.UTF8.GetBytes(
            $"<meta name=x><meta charset=klingon><meta http-equiv=refresh content=1>{Cafe}"));
        yield return Case("meta says UTF-16", "text/html", Encoding.UTF8.GetBytes($"<meta charset=utf-16>{Cafe}"));
    }

    [TestCaseSource(nameof(Encodings))]
    public void Extract_DecodesText(string mediaType, byte[] bytes) =>
        Assert.That(Extract(mediaType, bytes).Text, Is.EqualTo(Cafe));

    [Test]
    public void Extract_DecodesShiftJis_WhenThePageSaysSo()
    {
        byte[] page = [.. "<meta charset=shift_jis>"u8, 0x96, 0xA2, 0x97, 0x88];

        Assert.That(Extract("text/html", page).Text, Is.EqualTo("未来"));
    }

    private static IEnumerable<TestCaseData> Damaged()
    {
        TestCaseData Case(string name, string mediaType, byte[] bytes, string reason) =>
            new TestCaseData(mediaType, bytes, reason).SetArgDisplayNames(name);
        const string Nul = "The document contains NUL characters: it is binary, or UTF-16 without a byte order mark.";

        yield return Case("empty", "text/plain", [], "The document is empty.");
        yield return Case("only a mark", "text/plain", [0xEF, 0xBB, 0xBF], "The document has no words.");
        yield return Case("Latin-1 undeclared", "text/plain", Encoding.Latin1.GetBytes(Cafe),
            "The document is not utf-8 text: wrong bytes at position 3.");
        yield return Case("Latin-1 undeclared, HTML", "text/html", Encoding.Latin1.GetBytes($"<p>{Cafe}"),
            "The document is not utf-8 text: wrong bytes at position 6.");
        yield return Case("cut in a character", "text/markdown", Encoding.UTF8.GetBytes(Cafe)[..^1],
            "The document is not utf-8 text: wrong bytes at position 3.");
        yield return Case("half a surrogate pair", "text/plain", [0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8],
            "The document is not utf-16 text: wrong bytes at position 2.");
        yield return Case("PNG", "text/plain", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
            "The document is not utf-8 text: wrong bytes at position 0.");
        yield return Case("NUL", "text/html", "a\0b"u8.ToArray(), Nul);
        yield return Case("UTF-16 without mark", "text/plain", Encoding.Unicode.GetBytes("plain"), Nul);
        yield return Case("unknown charset", "text/plain; charset=klingon", "a"u8.ToArray(),
            "The document's charset 'klingon' is not known.");
    }

    [TestCaseSource(nameof(Damaged))]
    public void Extract_SaysWhy_WhenBytesAreNoText(string mediaType, byte[] bytes, string reason) =>
        Assert.That(Reason(mediaType, bytes), Is.EqualTo(reason));
}
