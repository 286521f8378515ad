using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;

namespace Mirai.Platform.Generation;

/// <summary>Makes jobs a worker's own.</summary>
internal sealed class GenerationClaims(
    IDbContextFactory<MiraiDbContext> contexts, IChangeFeed changes, TimeProvider time,
    ILogger<GenerationClaim> logger)
{
    /// <summary>Takes a job over, from whoever had it: the queue has given it to us.</summary>
    /// <returns><see langword="null"/> when it is gone or finished.</returns>
    public async Task<GenerationJobRow?> BeginAsync(Guid id, string generator, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var claim = Guid.NewGuid();
        var begun = await context.GenerationJobs.Where(row => row.Id == id && row.FinishedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, GenerationState.Running)
                    .SetProperty(row => row.Generator, generator)
                    .SetProperty(row => row.StartedAt, row => row.StartedAt ?? now)
                    .SetProperty(row => row.ClaimId, claim)
                    .SetProperty(row => row.ClaimedUntil, now + GenerationRunner.Lease),
                cancellationToken);
        if (begun == 0)
        {
            return null;
        }

        await changes.PublishAsync(GenerationChange.Of(id, GenerationState.Running));
        return await context.GenerationJobs.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.ClaimId == claim, cancellationToken);
    }

    /// <summary>Keeps a job until it is disposed of.</summary>
    public GenerationClaim Keep(GenerationJobRow job, CancellationToken cancellationToken) =>
        new(job, this, time, logger, cancellationToken);

    /// <summary>A sign of life.</summary>
    /// <returns>Whether the job is still ours, and wanted.</returns>
    public async Task<bool> RenewAsync(
        GenerationJobRow job, int percent, string? step, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + GenerationRunner.Lease;
        return await context.GenerationJobs.Where(row => row.Id == job.Id && row.ClaimId == job.ClaimId
                && row.FinishedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.ClaimedUntil, until)
                    .SetProperty(row => row.Percent, row => row.Percent > percent ? row.Percent : percent)
                    .SetProperty(row => row.Step, step),
                cancellationToken) > 0;
    }

    public Task PublishAsync(GenerationJobRow job, int percent) =>
        changes.PublishAsync(GenerationChange.Of(job.Id, GenerationState.Running, percent));
}
