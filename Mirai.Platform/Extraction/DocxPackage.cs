using System.IO.Compression;
using System.Xml;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Checks a ZIP archive before a library reads it. The check measures sizes instead of trusting the archive's
/// directory, and limits the nesting of XML, which could overflow the stack.</summary>
internal static class DocxPackage
{
    private const int MaxEntries = 5_000;
    private const int MaxNesting = 256;

    // XML of Word shrinks to a tenth. A part that shrinks to less than a two-hundredth contains no text.
    private const int MaxRatio = 200;
    private const int RatioMatters = 1024 * 1024;

    /// <summary>Checks an archive.</summary>
    /// <exception cref="DocumentUnreadableException">The archive is damaged, encrypted or too large.</exception>
    public static void Check(byte[] bytes, ReadingRun run)
    {
        var budget = new DecodedBudget();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (archive.Entries.Count > MaxEntries)
            {
                throw new DocumentUnreadableException("The file is a ZIP archive with too many parts.");
            }

            foreach (var entry in archive.Entries)
            {
                run.Report(0, 1);
                CheckSize(entry, budget);
                CheckNesting(entry);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or XmlException or EndOfStreamException)
        {
            throw new DocumentUnreadableException($"The Word document is damaged: {exception.Message}", exception);
        }
    }

    private static void CheckSize(ZipArchiveEntry entry, DecodedBudget budget)
    {
        if (entry.IsEncrypted)
        {
            throw new DocumentUnreadableException("The file is an encrypted ZIP archive: send it without a password.");
        }

        using var data = new CountingStream(entry.Open());
        budget.Read(data);
        budget.Spend(data.Count);
        if (data.Count > RatioMatters && data.Count / MaxRatio > entry.CompressedLength)
        {
            budget.Check(long.MaxValue);
        }
    }

    private static void CheckNesting(ZipArchiveEntry entry)
    {
        if (!entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
            && !entry.Name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        using var data = entry.Open();
        using var reader = XmlReader.Create(data, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        while (reader.Read())
        {
            if (reader.Depth > MaxNesting)
            {
                throw new DocumentUnreadableException("The Word document is nested too deeply.");
            }
        }
    }
}
