using System.Data.Common;
using Mirai.Platform.Documents;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Documents;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class DocumentStoreTests(DatabaseKind kind) : PlatformTest(kind)
{
    private const string AllRows =
        """SELECT d.*, e.* FROM documents d LEFT JOIN document_extractions e ON e."DocumentId" = d."Id" """;

    private const string OneOfTheTypes = "MediaType must be one of text/markdown, text/plain, text/html, " +
        "application/pdf, "
        + "application/vnd.openxmlformats-officedocument.wordprocessingml.document.";

    private static readonly DocumentContent Note = new(
        "note.md", "text/markdown; charset=utf-8", "# Hello\n\nWorld"u8.ToArray());

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
        Assert.That(created.Id.Version, Is.EqualTo(7));
        Assert.That(await store.FindAsync(created.Id), Is.EqualTo(created));
        Assert.That((await store.FindContentAsync(created.Id))!.Bytes.ToArray(), Is.EqualTo(Note.Bytes.ToArray()));
        Assert.That(
            await QueryAsync(
                """SELECT "Name", "State", "CreatedAt", "FinishedAt" IS NULL, length("Content") FROM documents"""),
            Is.EqualTo(new[] { "note.md | Received | 2026-03-01 10:00:00 | 1 | 14" }), "times are in UTC");
    }

    private static IEnumerable<TestCaseData> OutOfLimits()
    {
        TestCaseData Case(string name, DocumentContent content, string message) =>
            new TestCaseData(content, message).SetArgDisplayNames(name);

        yield return Case(
            "no name", Note with { Name = " " }, "Name must have 1 to 255 characters, none of them NUL.");
        yield return Case(
            "long name", Note with { Name = new('x', 256) }, "Name must have 1 to 255 characters, none of them NUL.");
        yield return Case("NUL", Note with { Name = "a\0b" }, "Name must have 1 to 255 characters, none of them NUL.");
        yield return Case("other type", Note with { MediaType = "image/png" },
            OneOfTheTypes);
        yield return Case("long type", Note with { MediaType = $"text/plain;a={new string('x', 250)}" },
            OneOfTheTypes);
        yield return Case("empty", Note with { Bytes = default }, "Bytes must be 1 to 20 bytes long.");
        yield return Case("too large", Note with { Bytes = new byte[21] }, "Bytes must be 1 to 20 bytes long.");
    }

    [TestCaseSource(nameof(OutOfLimits))]
    public async Task Create_RefusesDocument_OutOfItsLimits(DocumentContent content, string message)
    {
        var store = await StoreAsync(("Documents:MaxBytes", "20"));

        var error = await Assert.ThrowsAsync<ArgumentException>(() => store.CreateAsync(content));

        Assert.That(error!.Message, Does.StartWith(message));
        Assert.That(await QueryAsync("SELECT * FROM documents"), Is.Empty);
    }

    [Test]
    public async Task Complete_StoresExtraction_AndMakesDocumentReady()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await store.CompleteAsync(id, NoteExtraction), Is.True);

        var document = (await store.FindAsync(id))!;
        Assert.That(
            (document.State, document.FinishedAt, document.FailureReason),
            Is.EqualTo((DocumentState.Ready, Now + TimeSpan.FromSeconds(3), (string?)null)));
        Assert.That(document.Extraction!.Sections, Is.EqualTo(NoteExtraction.Sections));
        Assert.That(document.Extraction.KeyTerms, Is.EqualTo(NoteExtraction.KeyTerms));
        Assert.That(
            (document.Extraction.Title, document.Extraction.Text, document.Extraction.Words),
            Is.EqualTo(("Hello", "Hello\n\nWorld", 2)));
    }

    [Test]
    public async Task Complete_ChangesNothing_WhenItIsRepeated()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.CompleteAsync(id, NoteExtraction);
        var before = await QueryAsync(AllRows);
        Time.Advance(TimeSpan.FromHours(1));

        await store.CompleteAsync(id, NoteExtraction);

        Assert.That(await QueryAsync(AllRows), Is.EqualTo(before));
        Assert.That(before, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Complete_ReplacesExtractionAndFailure()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.FailAsync(id, "no luck");
        await store.CompleteAsync(id, NoteExtraction);

        await store.CompleteAsync(id, NoteExtraction with { Title = null, Sections = [], KeyTerms = [] });

        var document = (await store.FindAsync(id))!;
        Assert.That((document.State, document.FailureReason), Is.EqualTo((DocumentState.Ready, (string?)null)));
        Assert.That((document.Extraction!.Title, document.Extraction.Sections.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task Complete_StoresNothing_WhenThereIsNoDocument()
    {
        var store = await StoreAsync();

        Assert.That(await store.CompleteAsync(Guid.NewGuid(), NoteExtraction), Is.False);

        Assert.That(await QueryAsync("SELECT * FROM document_extractions"), Is.Empty);
    }

    [Test]
    public async Task Complete_ChangesNothing_WhenItCannotBeFinished()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await QueryAsync("ALTER TABLE document_extractions RENAME TO elsewhere");

        await Assert.ThatAsync(() => store.CompleteAsync(id, NoteExtraction), Throws.InstanceOf<DbException>());
        await QueryAsync("ALTER TABLE elsewhere RENAME TO document_extractions");

        Assert.That((await store.FindAsync(id))!.State, Is.EqualTo(DocumentState.Received));
    }

    [Test]
    public async Task Fail_StoresReason_AndTheFirstTime()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.FailAsync(id, "no luck");
        Time.Advance(TimeSpan.FromHours(1));

        await store.FailAsync(id, "no luck again");

        var document = (await store.FindAsync(id))!;
        Assert.That(
            (document.State, document.FailureReason, document.FinishedAt, document.Extraction),
            Is.EqualTo((DocumentState.Failed, "no luck again", Now, (DocumentExtraction?)null)));
    }

    [Test]
    public async Task Fail_TakesNothingAway_WhenDocumentIsReady()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.CompleteAsync(id, NoteExtraction);
        var before = await QueryAsync(AllRows);

        await store.FailAsync(id, "too late");

        Assert.That(await QueryAsync(AllRows), Is.EqualTo(before));
    }

    [Test]
    public async Task Delete_RemovesDocumentAndExtraction()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.CompleteAsync(id, NoteExtraction);

        Assert.That(await store.DeleteAsync(id), Is.True);
        Assert.That(await store.DeleteAsync(id), Is.False);

        Assert.That(await store.FindAsync(id), Is.Null);
        Assert.That(await store.FindContentAsync(id), Is.Null);
        Assert.That(
            await QueryAsync("SELECT 1 FROM documents UNION ALL SELECT 1 FROM document_extractions"), Is.Empty);
    }

    [Test]
    public async Task Find_AnswersAtOnce_WhileSomebodyWrites()
    {
        var store = await StoreAsync();
        var created = await store.CreateAsync(Note);
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """UPDATE documents SET "Name" = 'changed'""";
        await command.ExecuteNonQueryAsync();

        Assert.That(await store.FindAsync(created.Id), Is.EqualTo(created));
    }

    [Test]
    public async Task Store_LosesNothing_WhenTwoProcessesWriteAtOnce()
    {
        const int Writers = 8;
        const int Each = 10;
        DocumentStore[] stores = [await StoreAsync(), await StoreAsync()];

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var store = stores[writer % stores.Length];
            for (var i = 0; i < Each; i++)
            {
                var id = (await store.CreateAsync(Note)).Id;
                await store.CompleteAsync(id, NoteExtraction);
            }
        })));

        Assert.That(
            await QueryAsync(
                """
                SELECT "State", count(*) FROM documents JOIN document_extractions ON "Id" = "DocumentId" GROUP BY "State"
                """),
            Is.EqualTo(new[] { $"Ready | {Writers * Each}" }));
    }

    [Test]
    public async Task Complete_StoresOneExtraction_WhenTwoWorkersFinishTheSameDocument()
    {
        DocumentStore[] stores = [await StoreAsync(), await StoreAsync()];
        var id = (await stores[0].CreateAsync(Note)).Id;

        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(attempt =>
            Task.Run(() => stores[attempt % stores.Length].CompleteAsync(id, NoteExtraction))));

        Assert.That(done, Is.All.True);
        Assert.That(await QueryAsync("SELECT count(*) FROM document_extractions"), Is.EqualTo(new[] { "1" }));
    }
}
