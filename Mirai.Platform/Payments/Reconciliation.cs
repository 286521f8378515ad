using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;

namespace Mirai.Platform.Payments;

/// <summary>Compares the sessions that are paid at Stripe with the accounts.</summary>
internal sealed partial class Reconciliation(
    StripeSessions sessions, CheckoutLedger ledger, IDbContextFactory<MiraiDbContext> contexts,
    IOptions<StripeOptions> options, TimeProvider time, ILogger<Reconciliation> logger)
{
    private const string Mark = "stripe:reconcile";

    /// <summary>Compares once. The mark moves at the end, so that a run that dies is repeated as a whole.</summary>
    /// <returns>How many sessions were enqueued.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Sessions that are paid during this run belong to the next run.
        var began = time.GetUtcNow();
        var since = await FindMarkAsync(cancellationToken) ?? began;
        var queued = 0;
        var complete = sessions.ListCompleteAsync(since - options.Value.ReconcileOverlap, cancellationToken);
        await foreach (var page in complete)
        {
            var paid = page.Where(session => session.WhyUnpaid is null).ToList();
            queued += await QueueAsync(await ledger.WithoutAccountAsync(paid, cancellationToken), cancellationToken);
        }

        queued += await QueueAsync(await ledger.ListGivenUpAsync(cancellationToken), cancellationToken);
        await SetMarkAsync(began, cancellationToken);

        return queued;
    }

    private async Task<int> QueueAsync(List<CheckoutSession> missed, CancellationToken cancellationToken)
    {
        var queued = 0;
        foreach (var session in missed)
        {
            if (await ledger.QueueAsync(session, cancellationToken))
            {
                LogWithoutAccount(SessionIds.Hide(session.Id));
                queued++;
            }
        }

        return queued;
    }

    private async Task<DateTimeOffset?> FindMarkAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Marks.Where(row => row.Task == Mark).Select(row => (DateTimeOffset?)row.Moment)
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task SetMarkAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var moved = await context.Marks.Where(row => row.Task == Mark)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Moment, moment), cancellationToken);
        if (moved == 0)
        {
            context.Marks.Add(new MarkRow { Task = Mark, Moment = moment });
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Checkout session {SessionId} is paid and has no account; Mirai sets the account up now. Check that "
            + "Stripe's events reach the webhook")]
    private partial void LogWithoutAccount(string sessionId);
}
