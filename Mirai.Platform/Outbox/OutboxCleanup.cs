using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;

namespace Mirai.Platform.Outbox;

/// <summary>Deletes tasks that were published long ago, and those that could never be. What waits stays, however old
/// it is.</summary>
internal sealed class OutboxCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : ICleanup
{
    public string What => "old outbox rows";

    public async Task<long> RunAsync(CancellationToken cancellationToken = default)
    {
        var limit = time.GetUtcNow() - options.Value.OutboxRetention;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Outbox
            .Where(row => row.PublishedAt < limit || (row.Error != null && row.CreatedAt < limit))
            .DeleteInBatchesAsync(options.Value.BatchSize, cancellationToken);
    }
}
