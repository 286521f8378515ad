using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Documents;

// The part that workers use: they read documents, report progress, and revive documents that no worker reads.
public sealed partial class DocumentStore
{
    private const int RevivedAtOnce = 100;

    // How long a task may take from the outbox to its worker, and a worker between two reports, before the poll
    // looks for the task. The poll only looks: it leaves a task alone that waits in a long queue.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Marks a document as <see cref="DocumentState.Reading"/>, unless it is already read or
    /// failed.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Its state; <see langword="null"/> when there is no such document.</returns>
    public async Task<DocumentState?> BeginAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + Grace;
        var begun = await Unread(context).Where(row => row.Id == id).ExecuteUpdateAsync(
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

    /// <summary>Stores how much of a document is read. The report also shows the poll that the worker lives.</summary>
    /// <param name="id">The document.</param>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the progress is stored.</returns>
    public async Task ReportAsync(Guid id, int percent, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + Grace;
        await context.Documents.Where(row => row.Id == id && row.State == DocumentState.Reading).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Percent, percent).SetProperty(row => row.ClaimedUntil, until),
            cancellationToken);
        await PublishAsync(id, DocumentState.Reading, percent);
    }

    /// <summary>Finds documents whose task was lost, or whose worker died, and gives them a new task. A document
    /// whose task is archived, or that has lost five tasks, becomes <see cref="DocumentState.Failed"/>. Any number of
    /// workers may call this at the same time.</summary>
    /// <param name="cancellationToken">Cancels the pass; the next pass finds the same documents.</param>
    /// <returns>How many documents have a new task.</returns>
    public async Task<int> ReviveAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var suspects = await Unread(context)
            .ClaimAsync(RevivedAtOnce, time.GetUtcNow(), Grace, cancellationToken);
        var revived = 0;
        foreach (var row in suspects)
        {
            switch (await fates.FindAsync(context, row.TaskId, row.Tasks, cancellationToken))
            {
                case TaskFate.GivenUp:
                    // The workers that should have reported the failure died with the document.
                    await FailAsync(row.Id, "The document could not be processed.", cancellationToken);
                    break;
                case TaskFate.Lost:
                    revived += await EnqueueAgainAsync(row, cancellationToken) ? 1 : 0;
                    break;
            }
        }

        return revived;
    }

    private Task<bool> EnqueueAgainAsync(DocumentRow claimed, CancellationToken cancellationToken) =>
        outbox.CommitAsync(
            new SmeIngestion(claimed.Id),
            async (context, taskId) => await Unread(context)
                .Where(row => row.Id == claimed.Id && row.ClaimId == claimed.ClaimId && row.TaskId == claimed.TaskId)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.TaskId, taskId)
                        .SetProperty(row => row.Tasks, row => row.Tasks + 1),
                    cancellationToken) > 0,
            cancellationToken);

    private static IQueryable<DocumentRow> Unread(MiraiDbContext context) => context.Documents
        .Where(row => row.State == DocumentState.Received || row.State == DocumentState.Reading);
}
