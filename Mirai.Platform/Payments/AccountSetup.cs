using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Payments;

/// <summary>Makes a paid session an account.</summary>
internal sealed class AccountSetup(IDbContextFactory<MiraiDbContext> contexts, TimeProvider time)
{
    /// <summary>Sets up the account of a paid session, completes its registration, and notes that: all at once, so
    /// that a process that dies has done all of it or nothing.</summary>
    /// <returns>The account, which may have been there before.</returns>
    /// <exception cref="PaymentRefusedException">Nobody knows whose account it is.</exception>
    public async Task<Guid> SetUpAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The first statement takes the lock: two workers with one session follow each other.
        var isNoted = await NoteAsync(context, session.Id, cancellationToken);
        var account = await context.Accounts.Where(row => row.SessionId == session.Id).Select(row => (Guid?)row.Id)
            .SingleOrDefaultAsync(cancellationToken);
        if (account is null)
        {
            var row = await NewAccountAsync(context, session, cancellationToken);
            context.Accounts.Add(row);
            account = row.Id;
        }

        if (!isNoted)
        {
            context.Checkouts.Add(Noted(session.Id));
        }

        await context.SaveChangesAsync(cancellationToken);
        await CompleteAsync(context, session.RegistrationId, account.Value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return account.Value;
    }

    private async Task<bool> NoteAsync(MiraiDbContext context, string sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Checkouts.Where(row => row.SessionId == sessionId).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ChangedAt, row => row.State == CheckoutState.Provisioned ? row.ChangedAt : now)
                .SetProperty(row => row.State, CheckoutState.Provisioned)
                .SetProperty(row => row.Reason, (string?)null),
            cancellationToken) > 0;
    }

    // Somebody enqueued the task by hand.
    private CheckoutRow Noted(string sessionId) => new()
    {
        SessionId = sessionId, State = CheckoutState.Provisioned, TaskId = null, ChangedAt = time.GetUtcNow(),
    };

    private async Task<AccountRow> NewAccountAsync(
        MiraiDbContext context, CheckoutSession session, CancellationToken cancellationToken)
    {
        // It may have expired before the money came: then Stripe knows who paid.
        var registration = await context.Registrations.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == session.RegistrationId, cancellationToken);
        var email = Fitting(registration?.Email ?? session.Email, NewRegistration.MaxEmailLength)
            ?? throw new PaymentRefusedException(
                $"Checkout session {SessionIds.Hide(session.Id)} is paid, and names neither a registration nor an " +
                "e-mail address.");
        var now = time.GetUtcNow();

        return new AccountRow
        {
            Id = Guid.CreateVersion7(now),
            SessionId = session.Id,
            RegistrationId = session.RegistrationId,
            Email = email,
            Name = Fitting(registration?.Name ?? session.Name, NewRegistration.MaxNameLength) ?? email,
            CreatedAt = now,
        };
    }

    private static Task<int> CompleteAsync(
        MiraiDbContext context, Guid? registration, Guid account, CancellationToken cancellationToken) =>
        context.Registrations.Where(row => row.Id == registration && row.State != RegistrationState.Completed)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.State, RegistrationState.Completed)
                    .SetProperty(row => row.AccountId, account),
                cancellationToken);

    // What Stripe took in its form may be longer than ours takes; no database of ours takes a NUL.
    private static string? Fitting(string? text, int length)
    {
        var clean = text?.Replace("\0", "", StringComparison.Ordinal).Trim();
        return string.IsNullOrEmpty(clean) ? null : clean.Length <= length ? clean : clean[..length];
    }
}
