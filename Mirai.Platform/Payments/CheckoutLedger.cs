using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Payments;

/// <summary>What is known of checkout sessions: which are queued, which have their account.</summary>
internal sealed class CheckoutLedger(
    IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TimeProvider time)
{
    private const int MostGivenUp = 1_000;

    // Ten retries of a task take some ten hours: one that has not ended after a day has got lost.
    private static readonly TimeSpan LongestTask = TimeSpan.FromDays(1);

    /// <summary>Commits the task of a paid session, unless it has one or has its account.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> QueueAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await TryQueueAsync(session, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Two said so at the same time, and the other one was first; or it is an outage.
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            if (await context.Checkouts.AnyAsync(row => row.SessionId == session.Id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Notes why a session has no account. One that has it keeps it: a late attempt takes nothing
    /// away.</summary>
    public async Task NoteFailureAsync(
        string sessionId, CheckoutState state, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Checkouts.Where(row => row.SessionId == sessionId && row.State != CheckoutState.Provisioned)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.ChangedAt, row => row.State == state ? row.ChangedAt : now)
                    .SetProperty(row => row.State, state)
                    .SetProperty(row => row.Reason, reason),
                cancellationToken);
    }

    public async Task<List<CheckoutSession>> WithoutAccountAsync(
        List<CheckoutSession> paid, CancellationToken cancellationToken)
    {
        var ids = paid.Select(session => session.Id).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.Accounts.Where(row => ids.Contains(row.SessionId)).Select(row => row.SessionId)
            .ToListAsync(cancellationToken);

        return [.. paid.ExceptBy(known, session => session.Id)];
    }

    /// <summary>Sessions whose task used up its retries, or got lost.</summary>
    public async Task<List<CheckoutSession>> ListGivenUpAsync(CancellationToken cancellationToken)
    {
        var lost = time.GetUtcNow() - LongestTask;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Checkouts
            .Where(row => row.State == CheckoutState.Exhausted
                || (row.State == CheckoutState.Queued && row.ChangedAt < lost))
            .OrderBy(row => row.ChangedAt).Take(MostGivenUp)
            .Select(row => new CheckoutSession { Id = row.SessionId }).ToListAsync(cancellationToken);
    }

    private async Task<bool> TryQueueAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lost = now - LongestTask;
        var taskId = Guid.CreateVersion7(now);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // Of two who see the same failure, the one that changes the row enqueues.
        var again = await context.Checkouts
            .Where(row => row.SessionId == session.Id && (row.State == CheckoutState.Refused
                || row.State == CheckoutState.Exhausted
                || (row.State == CheckoutState.Queued && row.ChangedAt < lost)))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.State, CheckoutState.Queued)
                    .SetProperty(row => row.Reason, (string?)null)
                    .SetProperty(row => row.TaskId, taskId)
                    .SetProperty(row => row.ChangedAt, now),
                cancellationToken);
        if (again == 0)
        {
            if (await context.Checkouts.AnyAsync(row => row.SessionId == session.Id, cancellationToken))
            {
                return false;
            }

            context.Checkouts.Add(new CheckoutRow
            {
                SessionId = session.Id, State = CheckoutState.Queued, TaskId = taskId, ChangedAt = now,
            });
        }

        outbox.Add(context, new StripeProvision(session.Id), taskId);
        await MarkPaidAsync(context, session.RegistrationId, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return true;
    }

    // From now on the registration does not expire.
    private static Task<int> MarkPaidAsync(
        MiraiDbContext context, Guid? registration, CancellationToken cancellationToken) =>
        context.Registrations.Where(row => row.Id == registration && row.State == RegistrationState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, RegistrationState.Paid), cancellationToken);
}
