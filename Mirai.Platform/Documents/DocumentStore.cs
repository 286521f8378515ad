using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Documents;

/// <summary>Documents and the text that was read from them, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached or stays locked: nothing is changed then.</remarks>
public sealed partial class DocumentStore
{
    private readonly IDbContextFactory<MiraiDbContext> contexts;
    private readonly OutboxWriter outbox;
    private readonly TaskFates fates;
    private readonly ChangeFeed changes;
    private readonly DocumentOptions limits;
    private readonly TimeProvider time;

    internal DocumentStore(
        IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TaskFates fates, ChangeFeed changes,
        IOptions<DocumentOptions> options, TimeProvider time)
    {
        (this.contexts, this.outbox, this.fates, this.changes) = (contexts, outbox, fates, changes);
        (limits, this.time) = (options.Value, time);
    }

    /// <summary>Stores a document as <see cref="DocumentState.Received"/>, together with the
    /// <see cref="SmeIngestion"/> that reads it. The outbox enqueues that task under the id of the document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The document as stored.</returns>
    /// <exception cref="ArgumentException">Name, media type or size is out of its limits; the message says
    /// which.</exception>
    public async Task<Document> CreateAsync(DocumentContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        content.ThrowIfInvalid(limits);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new DocumentRow
        {
            Id = id,
            TaskId = id,
            Name = content.Name,
            MediaType = content.MediaType,
            State = DocumentState.Received,
            CreatedAt = now,
            ClaimedUntil = now + Grace,
            Content = content.Bytes.ToArray(),
        };

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Documents.Add(row);
        outbox.Add(context, new SmeIngestion(id), taskId: id);
        await context.SaveChangesAsync(cancellationToken);
        await PublishAsync(id, DocumentState.Received, 0);

        return ToDocument(row, row.Content.Length, extraction: null);
    }

    /// <summary>Finds a document with its extraction, both of the same moment.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="null"/> when there is no such document.</returns>
    public async Task<Document?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await context.Documents.AsNoTracking().Where(row => row.Id == id)
            .Select(row => new
            {
                // Every column but the content.
                Row = new DocumentRow
                {
                    Id = row.Id,
                    Name = row.Name,
                    MediaType = row.MediaType,
                    State = row.State,
                    FailureReason = row.FailureReason,
                    CreatedAt = row.CreatedAt,
                    FinishedAt = row.FinishedAt,
                    Percent = row.Percent,
                    TaskId = row.TaskId,
                    Content = Array.Empty<byte>(),
                },
                Size = row.Content.Length,
                row.Extraction,
            })
            .SingleOrDefaultAsync(cancellationToken);

        return found is null ? null : ToDocument(found.Row, found.Size, found.Extraction);
    }

    /// <summary>Finds a document as it was sent.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="null"/> when there is no such document.</returns>
    public async Task<DocumentContent?> FindContentAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Documents.Where(row => row.Id == id)
            .Select(row => new DocumentContent(row.Name, row.MediaType, row.Content))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Deletes a document and its extraction. A task that is still to read the document ends when it does
    /// not find it.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether there was such a document.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Documents.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>Stores what was read from a document, and marks the document as <see cref="DocumentState.Ready"/>. An
    /// earlier extraction or failure is replaced.</summary>
    /// <param name="id">The document.</param>
    /// <param name="extraction">What was read.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether there is such a document.</returns>
    public async Task<bool> CompleteAsync(
        Guid id, DocumentExtraction extraction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extraction);
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The first statement takes the write lock, so that two workers with one document take turns.
        var found = await context.Documents.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.FinishedAt, row => row.State == DocumentState.Ready ? row.FinishedAt : now)
                .SetProperty(row => row.State, DocumentState.Ready)
                .SetProperty(row => row.Percent, 100)
                .SetProperty(row => row.FailureReason, (string?)null),
            cancellationToken);
        if (found == 0)
        {
            return false;
        }

        await context.Extractions.Where(row => row.DocumentId == id).ExecuteDeleteAsync(cancellationToken);
        context.Extractions.Add(DocumentExtractionRow.Of(id, extraction));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await PublishAsync(id, DocumentState.Ready, 100);

        return true;
    }

    /// <summary>Marks a document as <see cref="DocumentState.Failed"/>. A document that is ready stays ready: the
    /// failure of a late attempt does not count.</summary>
    /// <param name="id">The document.</param>
    /// <param name="reason">Why, in words for the sender of the document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the state is stored.</returns>
    public async Task FailAsync(Guid id, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var failed = await context.Documents.Where(row => row.Id == id && row.State != DocumentState.Ready)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.FinishedAt, row => row.State == DocumentState.Failed
                        ? row.FinishedAt : now)
                    .SetProperty(row => row.State, DocumentState.Failed)
                    .SetProperty(row => row.FailureReason, reason),
                cancellationToken);
        if (failed > 0)
        {
            await PublishAsync(id, DocumentState.Failed, null);
        }
    }

    private Task PublishAsync(Guid id, DocumentState state, int? percent) =>
        changes.PublishAsync(new Change(Change.Document, id, state.ToString().ToLowerInvariant(), percent));

    private static Document ToDocument(DocumentRow row, int size, DocumentExtractionRow? extraction) => new()
    {
        Id = row.Id,
        Name = row.Name,
        MediaType = row.MediaType,
        Size = size,
        State = row.State,
        Percent = row.Percent,
        FailureReason = row.FailureReason,
        CreatedAt = row.CreatedAt,
        FinishedAt = row.FinishedAt,
        Extraction = extraction?.ToExtraction(),
    };
}
