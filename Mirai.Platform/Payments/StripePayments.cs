using Microsoft.Extensions.Logging;

namespace Mirai.Platform.Payments;

internal sealed partial class StripePayments(
    StripeWebhook webhook, StripeSessions sessions, CheckoutLedger ledger, AccountSetup accounts,
    Reconciliation reconciliation, ILogger<StripePayments> logger)
    : IPayments
{
    public async Task<bool> TakeEventAsync(
        ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken = default) =>
        webhook.Read(body, signature) is { } paid && await ledger.QueueAsync(paid, cancellationToken);

    public async Task<Guid> ProvisionAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        try
        {
            var session = await sessions.GetAsync(sessionId, cancellationToken);
            if (session.WhyUnpaid is { } reason)
            {
                throw new PaymentRefusedException(reason);
            }

            var account = await accounts.SetUpAsync(session, cancellationToken);
            var shown = SessionIds.Hide(sessionId);
            LogProvisioned(shown, account);
            return account;
        }
        catch (PaymentRefusedException refused)
        {
            await ledger.NoteFailureAsync(sessionId, CheckoutState.Refused, refused.Message, cancellationToken);
            throw;
        }
    }

    public Task GiveUpAsync(string sessionId, string reason, CancellationToken cancellationToken = default) =>
        ledger.NoteFailureAsync(sessionId, CheckoutState.Exhausted, reason, cancellationToken);

    public Task<int> ReconcileAsync(CancellationToken cancellationToken = default) =>
        reconciliation.RunAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {SessionId} is paid: its account is {AccountId}")]
    private partial void LogProvisioned(string sessionId, Guid accountId);
}
