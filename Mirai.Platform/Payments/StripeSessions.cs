using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Polly;
using Stripe;
using Stripe.Checkout;

namespace Mirai.Platform.Payments;

/// <summary>Reads checkout sessions from Stripe.</summary>
internal sealed class StripeSessions(IHttpClientFactory clients, IOptions<StripeOptions> options)
{
    public const string Paid = "paid";

    /// <summary>The price was zero, for instance because of a coupon.</summary>
    public const string Free = "no_payment_required";

    /// <summary>The name of the HTTP client.</summary>
    public const string HttpClientName = "Stripe";

    private const int PageSize = 100;

    // Stripe's answer in an outage may be a page of HTML.
    private const int LongestReason = 300;

    /// <summary>Reads a session.</summary>
    /// <exception cref="PaymentRefusedException">Stripe does not know the session.</exception>
    /// <exception cref="StripeUnavailableException">Stripe does not answer.</exception>
    public Task<CheckoutSession> GetAsync(string id, CancellationToken cancellationToken) => AskAsync(
        async sessions =>
        {
            try
            {
                // The payment intent says why a card was declined.
                var found = await sessions.GetAsync(
                    id, new SessionGetOptions { Expand = ["payment_intent"] }, cancellationToken: cancellationToken);
                return ToSession(found);
            }
            catch (StripeException exception) when (
                exception.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            {
                // Without the inner exception: its message contains the id, and logs show the whole chain.
                throw new PaymentRefusedException(
                    SessionIds.Hide($"Stripe does not know checkout session {id}: {exception.Message}"));
            }
        });

    /// <summary>Lists the complete sessions that were started since a moment, page by page.</summary>
    /// <exception cref="StripeUnavailableException">Stripe does not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyList<CheckoutSession>> ListCompleteAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new SessionListOptions
        {
            Limit = PageSize,
            Status = "complete",
            Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime },
        };
        StripeList<Session> page;
        do
        {
            page = await AskAsync(sessions => sessions.ListAsync(query, cancellationToken: cancellationToken));
            yield return [.. page.Data.Select(ToSession)];
            query.StartingAfter = page.Data.LastOrDefault()?.Id;
        }
        while (page.HasMore && query.StartingAfter is not null);
    }

    private async Task<T> AskAsync<T>(Func<SessionService, Task<T>> ask)
    {
        if (options.Value.ApiKey is not { Length: > 0 } key)
        {
            throw new StripeUnavailableException("Stripe:ApiKey is not set, so Mirai cannot ask Stripe.");
        }

        try
        {
            // A client for each call, because the factory renews the connections behind it. The factory's client also
            // makes the retries.
            var http = new SystemNetHttpClient(
                clients.CreateClient(HttpClientName), maxNetworkRetries: 0, appInfo: null, enableTelemetry: false);
            var stripe = new StripeClient(new StripeClientOptions
            {
                ApiKey = key,
                ApiBase = options.Value.ApiBase.TrimEnd('/'),
                HttpClient = http,
            });
            return await ask(stripe.V1.Checkout.Sessions);
        }
        catch (Exception exception) when (
            exception is StripeException or HttpRequestException or ExecutionRejectedException)
        {
            var message = SessionIds.Hide(exception.Message);
            var reason = message.Length > LongestReason ? message[..LongestReason] + "…" : message;
            throw new StripeUnavailableException(
                $"Stripe does not answer as expected: {reason}", exception is StripeException ? null : exception);
        }
    }

    private static CheckoutSession ToSession(Session session) => new()
    {
        Id = session.Id,
        RegistrationId = CheckoutSession.ToRegistrationId(session.ClientReferenceId),
        Email = session.CustomerDetails?.Email ?? session.CustomerEmail,
        Name = session.CustomerDetails?.Name,
        WhyUnpaid = session.PaymentStatus is Paid or Free ? null : WhyUnpaid(session),
    };

    private static string WhyUnpaid(Session session)
    {
        var decline = session.PaymentIntent?.LastPaymentError;
        var why = decline is null ? "" : $" {decline.Message} ({decline.DeclineCode ?? decline.Code})";
        return $"Checkout session {SessionIds.Hide(session.Id)} is not paid: it is {session.Status}, its payment " +
            $"{session.PaymentStatus}.{why}";
    }
}

/// <summary>Stripe does not answer, answers with an error of its own, or cannot be asked because a setting is missing.
/// A later attempt may succeed. The message names a missing setting.</summary>
public sealed class StripeUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public StripeUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
