using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;
using Mirai.Platform.Tasks;

namespace Mirai.Platform.Documents;

internal sealed partial class DocumentStore(
    IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TaskFates fates, IChangeFeed changes,
    IOptions<DocumentOptions> options, TimeProvider time)
    : IDocumentStore
{
    public async Task<Document> CreateAsync(DocumentContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        Check(content, options.Value);
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

    public async Task<Document?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await context.Documents.AsNoTracking().Where(row => row.Id == id)
            .Select(row => new
            {
                // All but the content.
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

    public async Task<DocumentContent?> FindContentAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Documents.Where(row => row.Id == id)
            .Select(row => new DocumentContent(row.Name, row.MediaType, row.Content))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Documents.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    public async Task<bool> CompleteAsync(
        Guid id, DocumentExtraction extraction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extraction);
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The first statement takes the write lock: two workers with one document follow each other.
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
        context.Extractions.Add(ToRow(id, extraction));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await PublishAsync(id, DocumentState.Ready, 100);

        return true;
    }

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

    private static void Check(DocumentContent content, DocumentOptions limits)
    {
        var maxBytes = limits.MaxBytesOf(
            DocumentFormat.Sniff(content.Bytes.Span) ?? DocumentFormat.Find(content.MediaType));
        if (!DocumentContent.IsName(content.Name))
        {
            throw new ArgumentException(
                $"Name must have 1 to {DocumentContent.MaxNameLength} characters, none of them NUL.",
                nameof(content));
        }

        if (DocumentFormat.Find(content.MediaType) is null
            || content.MediaType.Length > DocumentContent.MaxMediaTypeLength)
        {
            throw new ArgumentException(
                $"MediaType must be one of {string.Join(", ", DocumentFormat.All.Select(format => format.MediaType))}.",
                nameof(content));
        }

        if (content.Bytes.Length < 1 || content.Bytes.Length > maxBytes)
        {
            throw new ArgumentException($"Bytes must be 1 to {maxBytes} bytes long.", nameof(content));
        }
    }

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
        Extraction = extraction is null ? null : new DocumentExtraction(
            extraction.Title, extraction.Text, extraction.Words, extraction.KeyTerms, extraction.Sections)
        {
            Pages = extraction.Pages,
            Chunks = extraction.Chunks,
        },
    };

    private static DocumentExtractionRow ToRow(Guid id, DocumentExtraction extraction) => new()
    {
        DocumentId = id,
        Title = extraction.Title,
        Words = extraction.Words,
        KeyTerms = [.. extraction.KeyTerms],
        Sections = [.. extraction.Sections],
        Pages = extraction.Pages,
        Chunks = [.. extraction.Chunks],
        Text = extraction.Text,
    };
}
