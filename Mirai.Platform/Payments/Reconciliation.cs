using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;

namespace Mirai.Platform.Payments;

/// <summary>Compares what Stripe says is paid with what has an account.</summary>
internal sealed partial class Reconciliation(
    StripeSessions sessions, CheckoutLedger ledger, IDbContextFactory<MiraiDbContext> contexts,
    IOptions<StripeOptions> options, TimeProvider time, ILogger<Reconciliation> logger)
{
    private const string Mark = "stripe:reconcile";

    /// <summary>Looks once. The mark moves when all was looked at: who dies before looks at all of it again.</summary>
    /// <returns>How many sessions were enqueued.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // What is paid while we look is the next run's.
        var began = time.GetUtcNow();
        var since = await FindMarkAsync(cancellationToken) ?? began;
        var queued = 0;
        await foreach (var page in sessions.ListCompleteAsync(
            since - options.Value.ReconcileOverlap,
            cancellationToken))
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
                LogMissed(SessionIds.Hide(session.Id));
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
        Level = LogLevel.Warning, Message = "Session {SessionId} is paid and has no account: it is provisioned now")]
    private partial void LogMissed(string sessionId);
}
