using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Reads a stored document and stores its text. Running the task again changes nothing.</summary>
internal sealed partial class SmeIngestionHandler(
    DocumentStore documents, DocumentReading reading, ILogger<SmeIngestionHandler> logger)
    : ITaskHandler<SmeIngestion>
{
    public async Task HandleAsync(SmeIngestion task, TaskContext context, CancellationToken cancellationToken)
    {
        var id = task.DocumentId;
        try
        {
            if (await documents.BeginAsync(id, cancellationToken) == DocumentState.Ready)
            {
                return;
            }

            var content = await documents.FindContentAsync(id, cancellationToken) ?? throw Missing(id);
            var extraction = await reading.ReadAsync(
                content, percent => documents.ReportAsync(id, percent, cancellationToken), cancellationToken);
            if (!await documents.CompleteAsync(id, extraction, cancellationToken))
            {
                throw Missing(id);
            }

            LogRead(logger, id, extraction.Sections.Count, extraction.Words);
        }
        catch (DocumentUnreadableException exception)
        {
            await documents.FailAsync(id, exception.Message, cancellationToken);
            throw new SkipRetryException(exception.Message, exception);
        }
        catch (Exception exception) when (
            exception is not SkipRetryException && context.Retried >= context.MaxRetry
            && !cancellationToken.IsCancellationRequested)
        {
            // The last attempt: whoever waits for the document must see that it failed.
            await documents.FailAsync(
                id, "The document could not be processed. Send it again later.", cancellationToken);
            throw;
        }
    }

    // The document was deleted while the task waited.
    private static SkipRetryException Missing(Guid id) => new($"There is no document {id}.");

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Read document {DocumentId}: {Sections} sections, {Words} words")]
    private static partial void LogRead(ILogger logger, Guid documentId, int sections, int words);
}
