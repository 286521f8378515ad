using System.Text;
using Microsoft.Extensions.Hosting;
using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Worker.Tests.Handlers;

/// <summary>Tests the task from its producer through Redis and a whole worker to the database.</summary>
internal sealed class SmeIngestionHandlerTests : WorkerTest
{
    private static readonly EnqueueOptions AsTask = new() { TaskId = "task" };

    [Test]
    public async Task Task_MakesDocumentReady()
    {
        var worker = await StartAsync();

        var id = (await Documents(worker).CreateAsync(Note)).Id;

        var document = await FinishedAsync(worker, id);
        Assert.That(document.State, Is.EqualTo(DocumentState.Ready));
        Assert.That(
            document.Extraction!.Sections, Is.EqualTo(new[] { new DocumentSection("Hello", 1, "big world", 3) }));
        await ProcessedAsync(1);
        Assert.That(
            await Redis.SortedSetRangeByRankAsync("asynq:{default}:completed"), Is.EqualTo(
                new RedisValue[] { $"{id}" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:failed"), Is.False);
    }

    [Test]
    public async Task Task_ChangesNothing_WhenItRunsAgain()
    {
        var worker = await StartAsync();
        var id = (await Documents(worker).CreateAsync(Note)).Id;
        await ProcessedAsync(1);
        var before = await RowsAsync();

        await Client(worker).EnqueueAsync(new SmeIngestion(id));
        await ProcessedAsync(2);

        Assert.That(await RowsAsync(), Is.EqualTo(before));
        Assert.That(before, Has.Length.EqualTo(1).And.All.Contain("| Ready |"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:failed"), Is.False);
    }

    [Test]
    public async Task Task_IsArchivedWithTheReason_WhenDocumentIsUnreadable()
    {
        const string Reason = "The document is not utf-8 text: wrong bytes at position 3.";
        var worker = await StartAsync();

        var id = (await Documents(worker).CreateAsync(Note with { Bytes = Encoding.Latin1.GetBytes("café") })).Id;
        await ProcessedAsync(1);

        var document = (await Documents(worker).FindAsync(id))!;
        Assert.That((document.State, document.FailureReason), Is.EqualTo((DocumentState.Failed, Reason)));
        await AssertArchivedAsync(worker, $"{id}", Reason);
    }

    [Test]
    public async Task Task_IsArchived_WhenDocumentIsGone()
    {
        var worker = await StartAsync();

        await Client(worker)
            .EnqueueAsync(new SmeIngestion(Guid.Parse("0198c0de-0000-7000-8000-00000000000a")), AsTask);
        await ProcessedAsync(1);

        await AssertArchivedAsync(worker, "task", "There is no document 0198c0de-0000-7000-8000-00000000000a.");
    }

    [Test]
    public async Task Task_IsArchived_WhenItNamesNoDocument()
    {
        var worker = await StartAsync();

        await Client(worker).EnqueueAsync(
            new QueueTask("sme:ingestion", "{}"u8.ToArray(), AsTask with { Queue = "default" }));
        await ProcessedAsync(1);

        var error = (await Inspector(worker).FindTaskAsync("default", "task"))!.LastError;
        Assert.That(error, Does.StartWith("The payload is no SmeIngestion: ").And.Contain("documentId"));
    }

    [Test]
    public async Task Task_IsTriedAgain_WhenTheDatabaseHasTrouble()
    {
        var worker = await StartAsync();
        await QueryAsync("ALTER TABLE document_extractions RENAME TO elsewhere");

        var id = (await Documents(worker).CreateAsync(Note)).Id;
        await ProcessedAsync(1);

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{default}:retry"), Is.EqualTo(1));
        var task = (await Inspector(worker).FindTaskAsync("default", $"{id}"))!;
        Assert.That((task.State, task.Retried, task.MaxRetry), Is.EqualTo((TaskState.Retry, 1, 3)));
        Assert.That(task.LastError, Does.Contain("document_extractions"));
        Assert.That(await QueryAsync("""SELECT "State" FROM documents"""), Is.EqualTo(new[] { "Reading" }));
    }

    [Test]
    public async Task Task_FailsDocument_WhenItsLastRetryFails()
    {
        var worker = await StartAsync();
        await QueryAsync("ALTER TABLE document_extractions RENAME TO elsewhere");
        var id = (await Documents(worker).CreateAsync(Note)).Id;

        await Client(worker).EnqueueAsync(new SmeIngestion(id), AsTask with { MaxRetry = 0 });
        await ProcessedAsync(2);

        Assert.That(await QueryAsync("""SELECT "State", "FailureReason" FROM documents"""), Is.EqualTo(new[]
        {
            "Failed | The document could not be processed. Send it again later.",
        }));
        var task = (await Inspector(worker).FindTaskAsync("default", "task"))!;
        Assert.That(task.State, Is.EqualTo(TaskState.Archived));
        Assert.That(task.LastError, Does.Contain("document_extractions"), "the task keeps the real error");
    }

    private async Task<IHost> StartAsync()
    {
        var worker = Worker();
        await worker.StartAsync();

        return worker;
    }

    private Task<string[]> RowsAsync() =>
        QueryAsync("""SELECT d.*, e.* FROM documents d LEFT JOIN document_extractions e ON e."DocumentId" = d."Id" """);

    private static async Task AssertArchivedAsync(IHost worker, string taskId, string reason)
    {
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{default}:archived"), Is.EqualTo(1));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:retry"), Is.False);
        var task = (await Inspector(worker).FindTaskAsync("default", taskId))!;
        Assert.That((task.State, task.LastError, task.Retried), Is.EqualTo((TaskState.Archived, reason, 0)));
    }
}
