using System.Data.Common;
using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Queue;

namespace Mirai.Api.Documents;

/// <summary>Stores a document and the task that reads it: both, or neither.</summary>
internal sealed partial class DocumentIntake(
    IDocumentStore documents, IQueueClient client, ILogger<DocumentIntake> logger)
{
    /// <summary>Takes a document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="cancellationToken">Gives up while nothing is stored; what has begun after that is brought to an
    /// end, so that a sender who leaves does not leave a document that nobody reads.</param>
    public async Task<Document> TakeAsync(DocumentContent content, CancellationToken cancellationToken)
    {
        var document = await documents.CreateAsync(content, cancellationToken);
        try
        {
            var options = new EnqueueOptions { TaskId = document.Id.ToString() };
            await client.EnqueueAsync(new SmeIngestion(document.Id), options, CancellationToken.None);
        }
        catch (Exception)
        {
            // The task may exist all the same, if only Redis' answer got lost: it will find no document and end.
            await WithdrawAsync(document.Id);
            throw;
        }

        return document;
    }

    private async Task WithdrawAsync(Guid id)
    {
        try
        {
            await documents.DeleteAsync(id, CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbException or { InnerException: DbException })
        {
            LogLeft(id, exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Document {Id} has no task and could not be deleted: nothing will read it")]
    private partial void LogLeft(Guid id, Exception exception);
}
