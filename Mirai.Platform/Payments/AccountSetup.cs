using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Payments;

/// <summary>Sets up the accounts of paid sessions.</summary>
internal sealed class AccountSetup(IDbContextFactory<MiraiDbContext> contexts, TimeProvider time)
{
    /// <summary>Sets up the account of a paid session, completes its registration, and records both in the ledger.
    /// One transaction does all of it, so a process that dies has done everything or nothing.</summary>
    /// <returns>The account, which may have existed before.</returns>
    /// <exception cref="PaymentRefusedException">Neither a registration nor Stripe names the owner.</exception>
    public async Task<Guid> SetUpAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The first statement takes the write lock, so that two workers with one session take turns.
        var isRecorded = await RecordAsync(context, session.Id, cancellationToken);
        var account = await context.Accounts.Where(row => row.SessionId == session.Id).Select(row => (Guid?)row.Id)
            .SingleOrDefaultAsync(cancellationToken);
        if (account is null)
        {
            var row = await NewAccountAsync(context, session, cancellationToken);
            context.Accounts.Add(row);
            account = row.Id;
        }

        if (!isRecorded)
        {
            context.Checkouts.Add(NewRecord(session.Id));
        }

        await context.SaveChangesAsync(cancellationToken);
        await CompleteAsync(context, session.RegistrationId, account.Value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return account.Value;
    }

    private async Task<bool> RecordAsync(MiraiDbContext context, string sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Checkouts.Where(row => row.SessionId == sessionId).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ChangedAt, row => row.State == CheckoutState.Provisioned ? row.ChangedAt : now)
                .SetProperty(row => row.State, CheckoutState.Provisioned)
                .SetProperty(row => row.Reason, (string?)null),
            cancellationToken) > 0;
    }

    // There is no record when a person has enqueued the task by hand.
    private CheckoutRow NewRecord(string sessionId) => new()
    {
        SessionId = sessionId, State = CheckoutState.Provisioned, TaskId = null, ChangedAt = time.GetUtcNow(),
    };

    private async Task<AccountRow> NewAccountAsync(
        MiraiDbContext context, CheckoutSession session, CancellationToken cancellationToken)
    {
        // The registration may have expired before the payment: then the name and address that Stripe has count.
        var registration = await context.Registrations.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == session.RegistrationId, cancellationToken);
        var email = Truncate(registration?.Email ?? session.Email, NewRegistration.MaxEmailLength)
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
            Name = Truncate(registration?.Name ?? session.Name, NewRegistration.MaxNameLength) ?? email,
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

    // Texts from Stripe's form may be longer than the columns, and PostgreSQL does not store NUL.
    private static string? Truncate(string? text, int length)
    {
        var clean = text?.Replace("\0", "", StringComparison.Ordinal).Trim();
        return string.IsNullOrEmpty(clean) ? null : clean.Length <= length ? clean : clean[..length];
    }
}
