using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>Deletes any number of rows without holding a lock for long.</summary>
internal static class RowDeletion
{
    /// <summary>Deletes rows in batches.</summary>
    /// <param name="expired">The rows. The deletion tests each again: what changed meanwhile stays.</param>
    /// <param name="batchSize">How many at once.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>How many were deleted.</returns>
    public static async Task<long> DeleteInBatchesAsync<TRow>(
        this IQueryable<TRow> expired, int batchSize, CancellationToken cancellationToken)
        where TRow : class, IKeyed
    {
        var deleted = 0L;
        List<Guid> ids;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ids = await expired.OrderBy(row => row.Id).Take(batchSize).Select(row => row.Id)
                .ToListAsync(cancellationToken);
            deleted += await expired.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
        while (ids.Count == batchSize);

        return deleted;
    }
}
