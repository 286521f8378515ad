using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Platform.Tasks;

namespace Mirai.Platform.Generation;

// Claims what can be done, and looks after what should be.
internal sealed partial class GenerationJobs
{
    private const int MostTasks = 5;
    private const int JobsAtOnce = 100;

    public async Task<int> PollAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = await context.GenerationJobs
            .Where(row => row.FinishedAt == null)
            .ClaimAsync(JobsAtOnce, time.GetUtcNow(), GenerationRunner.Lease, cancellationToken);
        var enqueued = 0;
        foreach (var job in jobs)
        {
            enqueued += await LookAsync(context, job, cancellationToken) ? 1 : 0;
        }

        return enqueued;
    }

    private async Task<bool> LookAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken)
    {
        if (job.TaskId is { } taskId)
        {
            var fate = await fates.FindAsync(context, taskId, cancellationToken);
            if (fate == TaskFate.GivenUp || (fate == TaskFate.Gone && job.Tasks >= MostTasks))
            {
                await FailAsync(job.Id, "The job could not be done.", cancellationToken);
                return false;
            }

            return fate == TaskFate.Gone && await EnqueueAsync(job, cancellationToken);
        }

        var states = await context.Documents.Where(row => job.Documents.Contains(row.Id))
            .Select(row => row.State).ToListAsync(cancellationToken);
        if (states.Count < job.Documents.Count || states.Contains(DocumentState.Failed))
        {
            await FailAsync(job.Id, "A document of the job could not be read, or is gone.", cancellationToken);
            return false;
        }

        if (states.TrueForAll(state => state == DocumentState.Ready))
        {
            return await EnqueueAsync(job, cancellationToken);
        }

        // Not before its documents are read; the next poll looks again.
        await ReleaseAsync(context, job, cancellationToken);
        return false;
    }

    private async Task<bool> EnqueueAsync(GenerationJobRow job, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var taskId = Guid.CreateVersion7(time.GetUtcNow());
        var isOurs = await context.GenerationJobs
            .Where(row => row.Id == job.Id && row.ClaimId == job.ClaimId && row.FinishedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, GenerationState.Enqueued)
                    .SetProperty(row => row.TaskId, taskId)
                    .SetProperty(row => row.Tasks, row => row.Tasks + 1),
                cancellationToken);
        if (isOurs == 0)
        {
            return false;
        }

        outbox.Add(context, new AiGeneration(job.Id), taskId);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await changes.PublishAsync(GenerationChange.Of(job.Id, GenerationState.Enqueued, job.Percent));

        return true;
    }

    private static Task<int> ReleaseAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken) => context.GenerationJobs
        .Where(row => row.Id == job.Id && row.ClaimId == job.ClaimId)
        .ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
}
