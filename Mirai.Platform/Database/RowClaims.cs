using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>Claims rows so that of any number of workers one gets each. The same statements on both kinds of
/// database: the update tests again what the query found, and who comes second changes nothing.</summary>
internal static class RowClaims
{
    /// <summary>Claims rows that nobody holds, those with the lowest ids.</summary>
    /// <param name="waiting">The rows that want to be worked on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">How long they are ours. Clocks of machines differ: a lease is minutes, not seconds.</param>
    /// <param name="cancellationToken">Gives up waiting; what is claimed comes free when the lease ends.</param>
    /// <returns>The rows that are ours now, not tracked.</returns>
    public static async Task<List<TRow>> ClaimAsync<TRow>(
        this IQueryable<TRow> waiting, int limit, DateTimeOffset now, TimeSpan lease,
        CancellationToken cancellationToken)
        where TRow : class, IClaimable
    {
        var claim = Guid.NewGuid();
        var until = now + lease;
        Expression<Func<TRow, bool>> isFree = row => row.ClaimedUntil == null || row.ClaimedUntil < now;
        var ids = await waiting.Where(isFree).OrderBy(row => row.Id).Take(limit).Select(row => row.Id)
            .ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return [];
        }

        var claimed = await waiting.Where(isFree).Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimId, claim).SetProperty(row => row.ClaimedUntil, until),
            cancellationToken);

        return claimed == 0
            ? []
            : await waiting.AsNoTracking().Where(row => row.ClaimId == claim).OrderBy(row => row.Id)
                .ToListAsync(cancellationToken);
    }
}
