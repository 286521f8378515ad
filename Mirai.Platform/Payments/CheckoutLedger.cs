using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Payments;

/// <summary>Records for each checkout session whether its task is queued and whether it has its account.</summary>
internal sealed class CheckoutLedger(
    IDbContextFactory<MiraiDbContext> contexts, OutboxWriter outbox, TimeProvider time)
{
    private const int MostGivenUp = 1_000;

    // Ten retries of a task take some ten hours: a task that has not ended after a day is lost.
    private static readonly TimeSpan LongestTask = TimeSpan.FromDays(1);

    /// <summary>Commits the task of a paid session, unless the session has a task or an account.</summary>
    /// <returns>Whether a task was committed.</returns>
    public async Task<bool> QueueAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await TryQueueAsync(session, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Either another process has added the session at the same time, or the database has an outage.
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            if (await context.Checkouts.AnyAsync(row => row.SessionId == session.Id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Records why a session has no account. A session that has an account keeps it: the failure of a late
    /// attempt does not count.</summary>
    public async Task SetFailureAsync(
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

    /// <summary>The paid sessions that have no account.</summary>
    public async Task<List<CheckoutSession>> WithoutAccountAsync(
        List<CheckoutSession> paid, CancellationToken cancellationToken)
    {
        var ids = paid.Select(session => session.Id).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.Accounts.Where(row => ids.Contains(row.SessionId)).Select(row => row.SessionId)
            .ToListAsync(cancellationToken);

        return [.. paid.ExceptBy(known, session => session.Id)];
    }

    /// <summary>The sessions whose task used up its retries or is lost.</summary>
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

    private Task<bool> TryQueueAsync(CheckoutSession session, CancellationToken cancellationToken) =>
        outbox.CommitAsync(
            new StripeProvision(session.Id),
            async (context, taskId) =>
            {
                if (!await TryMarkQueuedAsync(context, session.Id, taskId, cancellationToken))
                {
                    return false;
                }

                await MarkPaidAsync(context, session.RegistrationId, cancellationToken);
                return true;
            },
            cancellationToken);

    private async Task<bool> TryMarkQueuedAsync(
        MiraiDbContext context, string sessionId, Guid taskId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lost = now - LongestTask;

        // Several processes may see the same failure: the process that changes the row commits the task.
        var again = await context.Checkouts
            .Where(row => row.SessionId == sessionId && (row.State == CheckoutState.Refused
                || row.State == CheckoutState.Exhausted
                || (row.State == CheckoutState.Queued && row.ChangedAt < lost)))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.State, CheckoutState.Queued)
                    .SetProperty(row => row.Reason, (string?)null)
                    .SetProperty(row => row.TaskId, taskId)
                    .SetProperty(row => row.ChangedAt, now),
                cancellationToken);
        if (again > 0)
        {
            return true;
        }

        if (await context.Checkouts.AnyAsync(row => row.SessionId == sessionId, cancellationToken))
        {
            return false;
        }

        context.Checkouts.Add(new CheckoutRow
        {
            SessionId = sessionId, State = CheckoutState.Queued, TaskId = taskId, ChangedAt = now,
        });
        return true;
    }

    // A paid registration does not expire.
    private static Task<int> MarkPaidAsync(
        MiraiDbContext context, Guid? registration, CancellationToken cancellationToken) =>
        context.Registrations.Where(row => row.Id == registration && row.State == RegistrationState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, RegistrationState.Paid), cancellationToken);
}
