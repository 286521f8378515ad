using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Documents;

internal sealed class DocumentStoreTests : PlatformTest
{
    private static readonly DocumentContent Note = new("note.md", "text/markdown; charset=utf-8", "# Hello\n\nWorld"u8.ToArray());
    private static readonly DocumentExtraction NoteExtraction = new(
        "Hello", "Hello\n\nWorld", 2, ["hello", "world"], [new DocumentSection("Hello", 1, "World", 2)]);

    [Test]
    public async Task Create_StoresDocument_AsReceived()
    {
        var store = await StoreAsync();

        var created = await store.CreateAsync(Note);

        Assert.That(created, Is.EqualTo(new Document
        {
            Id = created.Id,
            Name = "note.md",
            MediaType = "text/markdown; charset=utf-8",
            Size = 14,
            State = DocumentState.Received,
            CreatedAt = Now,
        }));
        Assert.That(await store.FindAsync(created.Id), Is.EqualTo(created));
        Assert.That(created.Id.Version, Is.EqualTo(7));
        Assert.That((await store.FindContentAsync(created.Id))!.Bytes.ToArray(), Is.EqualTo(Note.Bytes.ToArray()));
    }

    [Test]
    public async Task Complete_StoresExtraction_AndMakesDocumentReady()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await store.CompleteAsync(id, NoteExtraction), Is.True);

        var document = (await store.FindAsync(id))!;
        Assert.That((document.State, document.FinishedAt, document.FailureReason),
            Is.EqualTo((DocumentState.Ready, Now + TimeSpan.FromSeconds(3), (string?)null)));
        Assert.That(document.Extraction!.Sections, Is.EqualTo(NoteExtraction.Sections));
        Assert.That(document.Extraction.KeyTerms, Is.EqualTo(NoteExtraction.KeyTerms));
        Assert.That((document.Extraction.Title, document.Extraction.Text, document.Extraction.Words),
            Is.EqualTo(("Hello", "Hello\n\nWorld", 2)));
    }
}
