using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Generation;

// The part that the poll uses: it claims open jobs, enqueues those that can run, and fails those that cannot.
public sealed partial class GenerationJobStore
{
    private const int JobsAtOnce = 100;

    /// <summary>Enqueues the tasks of jobs whose documents are read, fails jobs that cannot run, and gives jobs that
    /// lost their task a new one. Any number of workers may call this at the same time.</summary>
    /// <param name="cancellationToken">Cancels the pass; the next pass finds the same jobs.</param>
    /// <returns>How many tasks were enqueued.</returns>
    public async Task<int> PollAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = await context.GenerationJobs
            .Where(row => row.FinishedAt == null)
            .ClaimAsync(JobsAtOnce, time.GetUtcNow(), GenerationRunner.Lease, cancellationToken);
        var enqueued = 0;
        foreach (var job in jobs)
        {
            var isEnqueued = job.TaskId is { } taskId
                ? await CheckTaskAsync(context, job, taskId, cancellationToken)
                : await CheckDocumentsAsync(context, job, cancellationToken);
            enqueued += isEnqueued ? 1 : 0;
        }

        return enqueued;
    }

    private async Task<bool> CheckTaskAsync(
        MiraiDbContext context, GenerationJobRow job, Guid taskId, CancellationToken cancellationToken)
    {
        switch (await fates.FindAsync(context, taskId, job.Tasks, cancellationToken))
        {
            case TaskFate.GivenUp:
                await FailAsync(job.Id, "The job could not be done.", cancellationToken);
                return false;
            case TaskFate.Lost:
                return await EnqueueAsync(job, cancellationToken);
            default:
                return false;
        }
    }

    private async Task<bool> CheckDocumentsAsync(
        MiraiDbContext context, GenerationJobRow job, CancellationToken cancellationToken)
    {
        var states = await context.Documents.Where(row => job.Documents.Contains(row.Id))
            .Select(row => row.State).ToListAsync(cancellationToken);
        if (states.Count < job.Documents.Count || states.Contains(DocumentState.Failed))
        {
            await FailAsync(job.Id, "A document of the job could not be read or was deleted.", cancellationToken);
            return false;
        }

        if (states.TrueForAll(state => state == DocumentState.Ready))
        {
            return await EnqueueAsync(job, cancellationToken);
        }

        // The job waits for its documents; the next poll looks again.
        await context.GenerationJobs.Where(row => row.Id == job.Id && row.ClaimId == job.ClaimId)
            .ReleaseAsync(cancellationToken);
        return false;
    }

    private async Task<bool> EnqueueAsync(GenerationJobRow job, CancellationToken cancellationToken)
    {
        var isEnqueued = await outbox.CommitAsync(
            new AiGeneration(job.Id),
            async (context, taskId) => await job.In(context).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, GenerationState.Enqueued)
                    .SetProperty(row => row.TaskId, taskId)
                    .SetProperty(row => row.Tasks, row => row.Tasks + 1),
                cancellationToken) > 0,
            cancellationToken);
        if (isEnqueued)
        {
            await changes.PublishAsync(Changed(job.Id, GenerationState.Enqueued, job.Percent));
        }

        return isEnqueued;
    }
}
