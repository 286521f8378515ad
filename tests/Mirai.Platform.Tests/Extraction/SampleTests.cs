using System.Text.Encodings.Web;
using System.Text.Json;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

/// <summary>Whole documents, compared with the reviewed extractions beside them.</summary>
internal sealed class SampleTests
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [TestCase("lesson.md")]
    [TestCase("page.html")]
    [TestCase("minutes.txt")]
    public async Task Extract_GivesWhatTheSampleExpects(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Samples");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, name));
        var expected = await File.ReadAllTextAsync(Path.Combine(folder, $"{name}.json"));

        var extraction = DocumentExtractor.Extract(
            new DocumentContent(name, DocumentFormat.FindByFileName(name)!.MediaType, bytes));

        Assert.That(
            JsonSerializer.Serialize(extraction, Readable).ReplaceLineEndings("\n"),
            Is.EqualTo(expected.ReplaceLineEndings("\n").TrimEnd()));
    }
}
