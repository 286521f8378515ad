using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>A row whose id is a UUID of version 7: later rows have greater ids.</summary>
internal interface IKeyed
{
    Guid Id { get; }
}

/// <summary>A row that one worker at a time may claim. A claim is a lease: the claim of a worker that died expires.
/// </summary>
internal interface IClaimable : IKeyed
{
    /// <summary>The current claim, or the last one.</summary>
    Guid? ClaimId { get; set; }

    /// <summary>When the claim expires.</summary>
    DateTimeOffset? ClaimedUntil { get; set; }
}

/// <summary>Claims rows so that each row goes to one of any number of workers. Both kinds of database run the same
/// statements: the update repeats the condition of the query, so the slower of two workers changes nothing.</summary>
internal static class RowClaims
{
    /// <summary>Claims rows that no worker holds, lowest ids first.</summary>
    /// <param name="waiting">The rows that need work.</param>
    /// <param name="limit">The most rows to claim.</param>
    /// <param name="now">The current time.</param>
    /// <param name="lease">How long the claim lasts. Minutes rather than seconds, because the clocks of machines
    /// differ.</param>
    /// <param name="cancellationToken">Cancels the wait. Rows that are claimed by then stay claimed until the lease
    /// expires.</param>
    /// <returns>The claimed rows, not tracked.</returns>
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

    /// <summary>Releases claims before they expire, so that the next pass finds the rows again.</summary>
    public static Task<int> ReleaseAsync<TRow>(
        this IQueryable<TRow> claimed, CancellationToken cancellationToken)
        where TRow : class, IClaimable => claimed.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
}
