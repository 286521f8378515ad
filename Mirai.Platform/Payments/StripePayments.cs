using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Mirai.Platform.Payments;

/// <summary>Payments, from Stripe's report that a checkout session is paid to the account.</summary>
/// <remarks>Every method can be repeated, and throws a <see cref="DbException"/>, itself or as the inner exception,
/// when the database cannot be reached.</remarks>
public sealed partial class StripePayments
{
    private readonly StripeWebhook webhook;
    private readonly StripeSessions sessions;
    private readonly CheckoutLedger ledger;
    private readonly AccountSetup accounts;
    private readonly Reconciliation reconciliation;
    private readonly ILogger<StripePayments> logger;

    internal StripePayments(
        StripeWebhook webhook, StripeSessions sessions, CheckoutLedger ledger, AccountSetup accounts,
        Reconciliation reconciliation, ILogger<StripePayments> logger)
    {
        (this.webhook, this.sessions, this.ledger) = (webhook, sessions, ledger);
        (this.accounts, this.reconciliation, this.logger) = (accounts, reconciliation, logger);
    }

    /// <summary>Takes an event of Stripe. If the event reports that a session is paid, the session's
    /// <see cref="StripeProvision"/> is committed to the outbox: once, however often Stripe reports the payment.
    /// </summary>
    /// <param name="body">The body as it was received: the signature covers these bytes.</param>
    /// <param name="signature">The header <c>Stripe-Signature</c>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether a task was committed.</returns>
    /// <exception cref="WebhookRefusedException">The event is not from Stripe, too old, or not an event.</exception>
    /// <exception cref="StripeUnavailableException"><c>Stripe:WebhookSecret</c> is not set.</exception>
    public async Task<bool> TakeEventAsync(
        ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken = default) =>
        webhook.Read(body, signature) is { } paid && await ledger.QueueAsync(paid, cancellationToken);

    /// <summary>Sets up the account of a paid session and completes its registration, in one transaction.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is changed then.</param>
    /// <returns>The account.</returns>
    /// <exception cref="PaymentRefusedException">The session is unknown or not paid.</exception>
    /// <exception cref="StripeUnavailableException">Stripe does not answer.</exception>
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
            await ledger.SetFailureAsync(sessionId, CheckoutState.Refused, refused.Message, cancellationToken);
            throw;
        }
    }

    /// <summary>Records that the task of a session has used up its retries. The next <see cref="ReconcileAsync"/>
    /// commits a new task.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Why the last attempt failed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the reason is stored.</returns>
    public Task GiveUpAsync(string sessionId, string reason, CancellationToken cancellationToken = default) =>
        ledger.SetFailureAsync(sessionId, CheckoutState.Exhausted, reason, cancellationToken);

    /// <summary>Asks Stripe for the sessions that were paid since the last call, and enqueues the
    /// <see cref="StripeProvision"/> of sessions that have neither an account nor a task. Sessions whose task used up
    /// its retries get a new task.</summary>
    /// <param name="cancellationToken">Cancels the call; the next call looks at the same sessions again.</param>
    /// <returns>How many tasks were committed.</returns>
    /// <exception cref="StripeUnavailableException">Stripe does not answer.</exception>
    public Task<int> ReconcileAsync(CancellationToken cancellationToken = default) =>
        reconciliation.RunAsync(cancellationToken);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Checkout session {SessionId} is paid and has the account {AccountId}")]
    private partial void LogProvisioned(string sessionId, Guid accountId);
}

/// <summary>A session cannot get an account, and trying again does not help: Stripe does not know the session, or it
/// is not paid. The message says why.</summary>
public sealed class PaymentRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why the session gets no account.</param>
    /// <param name="innerException">The cause.</param>
    public PaymentRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
