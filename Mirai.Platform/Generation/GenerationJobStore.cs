using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Changes;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Generation;

/// <summary>Jobs that generate courses, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached or stays locked: nothing is changed then.</remarks>
public sealed partial class GenerationJobStore
{
    private readonly IDbContextFactory<MiraiDbContext> contexts;
    private readonly OutboxWriter outbox;
    private readonly TaskFates fates;
    private readonly GenerationRunner runner;
    private readonly ChangeFeed changes;
    private readonly TimeProvider time;

    internal GenerationJobStore(
        IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TaskFates fates, GenerationRunner runner,
        ChangeFeed changes, TimeProvider time)
    {
        (this.contexts, this.outbox, this.fates) = (contexts, outbox, fates);
        (this.runner, this.changes, this.time) = (runner, changes, time);
    }

    /// <summary>Finds a job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="null"/> when there is no such job.</returns>
    public async Task<GenerationJob?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.GenerationJobs.AsNoTracking()
            .SingleOrDefaultAsync(job => job.Id == id, cancellationToken);

        return row is null ? null : ToJob(row);
    }

    /// <summary>Cancels a job that is not finished. A worker that runs the job stops within seconds; lessons that are
    /// written stay.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The job as it is now; <see langword="null"/> when there is no such job.</returns>
    public async Task<GenerationJob?> CancelAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await FinishAsync(id, GenerationState.Cancelled, reason: null, cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    /// <summary>Marks a job as <see cref="GenerationState.Failed"/>: no worker tries it again.</summary>
    /// <param name="id">The job.</param>
    /// <param name="reason">Why, in words for the person who asked for the course.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the state is stored.</returns>
    public Task FailAsync(Guid id, string reason, CancellationToken cancellationToken = default) =>
        FinishAsync(id, GenerationState.Failed, reason, cancellationToken);

    /// <summary>Runs a job, or the rest of a job that another run left unfinished.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Stops the run. What is stored by then stays, and the next run continues from
    /// there.</param>
    /// <returns>The job as it is now; <see langword="null"/> when there is no such job.</returns>
    /// <exception cref="ModelBusyException">The model's endpoint asks for a pause.</exception>
    /// <exception cref="ModelFailedException">The model failed; a later attempt may succeed.</exception>
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

    internal static Change Changed(Guid id, GenerationState state, int? percent = null) =>
        new(Change.GenerationJob, id, state.ToString().ToLowerInvariant(), percent);

    private async Task FinishAsync(
        Guid id, GenerationState state, string? reason, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var finished = await context.GenerationJobs.Where(row => row.Id == id && row.FinishedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, state)
                    .SetProperty(row => row.FailureReason, reason)
                    .SetProperty(row => row.FinishedAt, now),
                cancellationToken);
        if (finished > 0)
        {
            await changes.PublishAsync(Changed(id, state));
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
