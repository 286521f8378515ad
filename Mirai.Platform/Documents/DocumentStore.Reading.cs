using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Tasks;

namespace Mirai.Platform.Documents;

// Who reads a document, and what becomes of those that nobody reads any more.
internal sealed partial class DocumentStore
{
    private const int MostTasks = 5;
    private const int RevivedAtOnce = 100;

    // How long a task may take from the outbox to its worker before the poll looks for it, and a worker between two
    // reports. Only looking comes of it: a task that waits in a long queue is found there.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task<DocumentState?> BeginAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + Grace;
        var begun = await context.Documents
            .Where(row => row.Id == id && (row.State == DocumentState.Received || row.State == DocumentState.Reading))
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DocumentState.Reading)
                    .SetProperty(row => row.ClaimedUntil, until),
                cancellationToken);
        if (begun > 0)
        {
            await PublishAsync(id, DocumentState.Reading, 0);
            return DocumentState.Reading;
        }

        return await context.Documents.Where(row => row.Id == id).Select(row => (DocumentState?)row.State)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task ReportAsync(Guid id, int percent, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + Grace;
        await context.Documents.Where(row => row.Id == id && row.State == DocumentState.Reading).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Percent, percent).SetProperty(row => row.ClaimedUntil, until),
            cancellationToken);
        await PublishAsync(id, DocumentState.Reading, percent);
    }

    public async Task<int> ReviveAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var suspects = await context.Documents
            .Where(row => row.State == DocumentState.Received || row.State == DocumentState.Reading)
            .ClaimAsync(RevivedAtOnce, time.GetUtcNow(), Grace, cancellationToken);
        var revived = 0;
        foreach (var row in suspects)
        {
            var fate = await fates.FindAsync(context, row.TaskId, cancellationToken);
            if (fate == TaskFate.GivenUp || (fate == TaskFate.Gone && row.Tasks >= MostTasks))
            {
                // The worker that should have said so died with it, several times: it is the document that kills.
                await FailAsync(row.Id, "The document could not be processed.", cancellationToken);
            }
            else if (fate == TaskFate.Gone)
            {
                revived += await EnqueueAgainAsync(row, cancellationToken) ? 1 : 0;
            }
        }

        return revived;
    }

    private async Task<bool> EnqueueAgainAsync(DocumentRow row, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var taskId = Guid.CreateVersion7(time.GetUtcNow());
        var isOurs = await context.Documents
            .Where(document => document.Id == row.Id && document.ClaimId == row.ClaimId
                && document.TaskId == row.TaskId
                && (document.State == DocumentState.Received || document.State == DocumentState.Reading))
            .ExecuteUpdateAsync(
                set => set.SetProperty(document => document.TaskId, taskId)
                    .SetProperty(document => document.Tasks, document => document.Tasks + 1),
                cancellationToken);
        if (isOurs == 0)
        {
            return false;
        }

        outbox.Add(context, new SmeIngestion(row.Id), taskId);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return true;
    }
}
