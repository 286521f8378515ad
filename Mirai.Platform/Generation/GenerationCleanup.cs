using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;

namespace Mirai.Platform.Generation;

/// <summary>Deletes jobs that were finished long ago. What they made stays.</summary>
internal sealed class GenerationCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : ICleanup
{
    public string What => "old generation jobs";

    public async Task<long> RunAsync(CancellationToken cancellationToken = default)
    {
        var limit = time.GetUtcNow() - options.Value.JobRetention;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.GenerationJobs.Where(row => row.FinishedAt < limit)
            .DeleteInBatchesAsync(options.Value.BatchSize, cancellationToken);
    }
}
