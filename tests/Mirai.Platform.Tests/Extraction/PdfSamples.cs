using System.IO.Compression;
using System.Text;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Mirai.Platform.Tests.Extraction;

/// <summary>PDF files, valid and invalid.</summary>
internal static class PdfSamples
{
    /// <summary>Pages of lines, each with its size, which also sets the distance to the next line.</summary>
    public static byte[] Of(params (int Size, string Text)[][] pages)
    {
        var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var lines in pages)
        {
            var page = builder.AddPage(PageSize.A4);
            var y = 800.0;
            foreach (var (size, text) in lines)
            {
                y -= text.Length == 0 ? 2 * size : 1.2 * size;
                if (text.Length > 0)
                {
                    page.AddText(text, size, new PdfPoint(50, y), font);
                }
            }
        }

        return builder.Build();
    }

    /// <summary>A page whose content is the stream, unchanged.</summary>
    public static byte[] WithContent(byte[] stream, string dictionary, string trailer = "")
    {
        var file = new MemoryStream();
        var offsets = new List<long>();
        Write(file, "%PDF-1.4\n");
        Add(file, offsets, "<< /Type /Catalog /Pages 2 0 R >>");
        Add(file, offsets, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        Add(file, offsets, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>");
        offsets.Add(file.Position);
        Write(file, $"4 0 obj\n<< /Length {stream.Length} {dictionary} >>\nstream\n");
        file.Write(stream);
        Write(file, "\nendstream\nendobj\n");

        var table = file.Position;
        Write(file, $"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        Write(file, string.Concat(offsets.Select(offset => $"{offset:D10} 00000 n \n")));
        Write(file, $"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n");

        return file.ToArray();
    }

    public static byte[] Bomb(int megabytes)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var spaces = new byte[1024 * 1024];
            Array.Fill(spaces, (byte)' ');
            for (var i = 0; i < megabytes; i++)
            {
                zlib.Write(spaces);
            }
        }

        return WithContent(packed.ToArray(), "/Filter /FlateDecode");
    }

    public static byte[] Encrypted() => WithContent(
        "BT ET"u8.ToArray(), "",
        $"/ID [<{new string('0', 32)}> <{new string('0', 32)}>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 " +
        "/P -3904 "
        + $"/O <{new string('1', 64)}> /U <{new string('2', 64)}> >>");

    private static void Add(MemoryStream file, List<long> offsets, string body)
    {
        offsets.Add(file.Position);
        Write(file, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
    }

    private static void Write(MemoryStream file, string text) => file.Write(Encoding.Latin1.GetBytes(text));
}
