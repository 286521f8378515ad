using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;

namespace Mirai.Platform.Generation;

/// <summary>Claims jobs for this worker.</summary>
internal sealed class GenerationClaims(
    IDbContextFactory<MiraiDbContext> contexts, ChangeFeed changes, TimeProvider time,
    ILogger<GenerationClaim> logger)
{
    /// <summary>Claims a job, even when another worker holds it: the queue has given the task to this
    /// worker.</summary>
    /// <returns><see langword="null"/> when there is no such job, or it is finished.</returns>
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

        await changes.PublishAsync(GenerationJobStore.Changed(id, GenerationState.Running));
        return await context.GenerationJobs.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.ClaimId == claim, cancellationToken);
    }

    /// <summary>Renews the claim on a job until the result is disposed of.</summary>
    public GenerationClaim Keep(GenerationJobRow job, CancellationToken cancellationToken) =>
        new(job, this, time, logger, cancellationToken);

    /// <summary>Renews the claim on a job and stores its progress.</summary>
    /// <returns>Whether this worker still holds the job, and the job is not finished.</returns>
    public async Task<bool> RenewAsync(
        GenerationJobRow job, int percent, string? step, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + GenerationRunner.Lease;
        return await job.In(context).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimedUntil, until)
                .SetProperty(row => row.Percent, row => row.Percent > percent ? row.Percent : percent)
                .SetProperty(row => row.Step, step),
            cancellationToken) > 0;
    }

    public Task PublishAsync(GenerationJobRow job, int percent) =>
        changes.PublishAsync(GenerationJobStore.Changed(job.Id, GenerationState.Running, percent));
}

/// <summary>The claim of this worker on one job. It renews itself, stores the progress, and cancels the work when the
/// job is cancelled or another worker takes the job over.</summary>
internal sealed partial class GenerationClaim : IAsyncDisposable
{
    // Also how long the work on a cancelled job may go on.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly GenerationJobRow job;
    private readonly GenerationClaims claims;
    private readonly TimeProvider time;
    private readonly ILogger<GenerationClaim> logger;
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource disposing = new();
    private readonly Task renewing;
    private volatile Progress progress;

    public GenerationClaim(
        GenerationJobRow job, GenerationClaims claims, TimeProvider time, ILogger<GenerationClaim> logger,
        CancellationToken cancellationToken)
    {
        (this.job, this.claims, this.time, this.logger) = (job, claims, time, logger);
        progress = new Progress(job.Percent, job.Step);
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        renewing = RenewAsync();
    }

    /// <summary>Is cancelled when this worker must stop the work.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>Sets the progress, which the next renewal stores.</summary>
    public void Report(int percent, string step) => progress = new Progress(percent, step);

    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync();
        await renewing;
        disposing.Dispose();
        work.Dispose();
    }

    private async Task RenewAsync()
    {
        Progress? published = null;
        while (!disposing.IsCancellationRequested)
        {
            try
            {
                var current = progress;
                if (!await claims.RenewAsync(job, current.Percent, current.Step, disposing.Token))
                {
                    await work.CancelAsync();
                    return;
                }

                if (published != current)
                {
                    await claims.PublishAsync(job, current.Percent);
                    published = current;
                }
            }
            catch (OperationCanceledException) when (disposing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or { InnerException: DbException })
            {
                // The work may go on: its result is stored only while the claim holds.
                LogNotRenewed(job.Id, Interval, exception.Message);
            }

            await Task.Delay(Interval, time, disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The claim on generation job {Id} was not renewed because the database failed. Mirai tries again in "
            + "{Interval}; another worker may take the job over meanwhile: {Reason}")]
    private partial void LogNotRenewed(Guid id, TimeSpan interval, string reason);

    private sealed record Progress(int Percent, string? Step);
}
