using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;
using Mirai.Platform.Tasks;

namespace Mirai.Platform.Generation;

/// <summary>The jobs in the database; a part for the poll, and one for the request.</summary>
internal sealed partial class GenerationJobs(
    IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TaskFates fates, GenerationRunner runner,
    IChangeFeed changes, TimeProvider time)
    : IGenerationJobs
{
    public async Task<GenerationJob?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.GenerationJobs.AsNoTracking()
            .SingleOrDefaultAsync(job => job.Id == id, cancellationToken);

        return row is null ? null : ToJob(row);
    }

    public async Task<GenerationJob?> CancelAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await EndAsync(id, GenerationState.Cancelled, reason: null, cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    public Task FailAsync(Guid id, string reason, CancellationToken cancellationToken = default) =>
        EndAsync(id, GenerationState.Failed, reason, cancellationToken);

    public async Task<GenerationJob?> RunAsync(Guid id, CancellationToken cancellationToken = default)
    {
        try
        {
            await runner.RunAsync(id, cancellationToken);
        }
        catch (Exception exception) when (exception is ModelRefusedException or GenerationImpossibleException)
        {
            await FailAsync(id, exception.Message, cancellationToken);
        }

        return await FindAsync(id, cancellationToken);
    }

    private async Task EndAsync(
        Guid id, GenerationState state, string? reason, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var ended = await context.GenerationJobs.Where(row => row.Id == id && row.FinishedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, state)
                    .SetProperty(row => row.FailureReason, reason)
                    .SetProperty(row => row.FinishedAt, now),
                cancellationToken);
        if (ended > 0)
        {
            await changes.PublishAsync(GenerationChange.Of(id, state));
        }
    }

    private static GenerationJob ToJob(GenerationJobRow row) => new()
    {
        Id = row.Id,
        Kind = row.Kind,
        State = row.State,
        CourseId = row.CourseId,
        Documents = row.Documents,
        Percent = row.Percent,
        Step = row.FinishedAt is null ? row.Step : null,
        Generator = row.Generator,
        FailureReason = row.FailureReason,
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
    };
}
