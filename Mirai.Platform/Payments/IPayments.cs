using System.Data.Common;

namespace Mirai.Platform.Payments;

/// <summary>From Stripe's word that a session is paid to the account.</summary>
/// <remarks>Every method is repeatable, and throws a <see cref="DbException"/>, itself or as the inner exception, when
/// the database cannot be reached.</remarks>
public interface IPayments
{
    /// <summary>Takes an event of Stripe's. If it says that a session is paid, the session's
    /// <see cref="StripeProvision"/> is committed to the outbox, once however often Stripe says so.</summary>
    /// <param name="body">The body as it came: the signature is over these bytes.</param>
    /// <param name="signature">The header <c>Stripe-Signature</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it caused a task.</returns>
    /// <exception cref="WebhookRefusedException">It is not Stripe's, too old, or no event.</exception>
    /// <exception cref="StripeUnavailableException"><c>Stripe:WebhookSecret</c> is not set.</exception>
    Task<bool> TakeEventAsync(
        ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken = default);

    /// <summary>Sets up the account of a paid session and completes its registration, both at once.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>The account.</returns>
    /// <exception cref="PaymentRefusedException">The session is unknown or not paid.</exception>
    /// <exception cref="StripeUnavailableException">Stripe cannot say.</exception>
    Task<Guid> ProvisionAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Notes that a session's task has used up its retries: the next <see cref="ReconcileAsync"/> begins
    /// again.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it is stored.</returns>
    Task GiveUpAsync(string sessionId, string reason, CancellationToken cancellationToken = default);

    /// <summary>Asks Stripe for the sessions that were paid since the last time, and enqueues the
    /// <see cref="StripeProvision"/> of those that have neither an account nor a task; begins again where a task used
    /// up its retries.</summary>
    /// <param name="cancellationToken">Gives up; the next time looks at all of it again.</param>
    /// <returns>How many tasks it caused.</returns>
    /// <exception cref="StripeUnavailableException">Stripe cannot say.</exception>
    Task<int> ReconcileAsync(CancellationToken cancellationToken = default);
}
