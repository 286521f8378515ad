using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;
using Mirai.Queue;

namespace Mirai.Api.Tests.Documents;

/// <summary>The whole way: a document goes in over HTTP, a worker reads it, the API shows what it read.</summary>
internal sealed class IngestionTests : DocumentTest
{
    [Test]
    public async Task Document_BecomesReady()
    {
        await using var worker = await StartWorkerAsync();
        var response = await PostAsync(Path, Form(
            (Content("# Tides\n\nThe moon pulls the sea.\n\n## Moon\n\nThe moon is far.", null), "tides.md")));

        var document = await TestWorker.UntilAsync(Client, response.Headers.Location!.ToString(), "ready");

        Assert.That(
            (document.GetProperty("title").GetString(), document.GetProperty("words").GetInt32()),
            Is.EqualTo(("Tides", 11)));
        Assert.That(
            document.GetProperty("keyTerms").EnumerateArray().Select(term => term.GetString()),
            Has.Some.EqualTo("moon"));
        Assert.That(
            document.GetProperty("sections").EnumerateArray()
                .Select(section => section.GetProperty("heading").GetString()),
            Is.EqualTo(new[] { "Tides", "Moon" }));
    }

    [Test]
    public async Task Document_FailsAtOnce_WhenItCannotBeRead()
    {
        await using var worker = await StartWorkerAsync();
        var response = await PostAsync(Path, Content([0xff, 0xff, 0x00], "text/plain; charset=utf-8"));
        var location = response.Headers.Location!.ToString();

        var document = await TestWorker.UntilAsync(Client, location, "failed");
        var task = await TestWorker.UntilAsync(Client, $"/api/tasks/default/{document.GetProperty("id")}", "archived");

        Assert.That(document.GetProperty("failureReason").GetString(), Is.Not.Empty);
        Assert.That(
            task.GetProperty("lastError").GetString(), Is.EqualTo(document.GetProperty("failureReason").GetString()));
        Assert.That(task.GetProperty("retried").GetInt32(), Is.Zero);
    }

    private Task<TestWorker> StartWorkerAsync() => TestWorker.StartAsync(RedisUrl, (services, queue) =>
    {
        services.AddMiraiPlatform(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Mirai", Api.Database.ConnectionString)]).Build());
        queue.AddJsonContext(PlatformTasksJson.Default).AddHandler<SmeIngestion, Reader>();
    });

    // What Mirai.Worker does, in short: of that project the API knows nothing.
    private sealed class Reader(DocumentStore documents) : ITaskHandler<SmeIngestion>
    {
        public async Task HandleAsync(SmeIngestion payload, TaskContext context, CancellationToken cancellationToken)
        {
            var content = await documents.FindContentAsync(payload.DocumentId, cancellationToken);
            try
            {
                await documents.CompleteAsync(
                    payload.DocumentId, DocumentExtractor.Extract(content!), cancellationToken);
            }
            catch (DocumentUnreadableException exception)
            {
                await documents.FailAsync(payload.DocumentId, exception.Message, cancellationToken);
                throw new SkipRetryException(exception.Message, exception);
            }
        }
    }
}
