using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Stripe;

namespace Mirai.Platform.Payments;

/// <summary>Reads Stripe's events, after a check of their signature.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options, TimeProvider time)
{
    /// <summary>Checks the signature and its age, and reads the event.</summary>
    /// <returns>The session that the event reports as paid; <see langword="null"/> for any other event.</returns>
    /// <exception cref="WebhookRefusedException">The event is not from Stripe, too old, or not an event.</exception>
    /// <exception cref="StripeUnavailableException">There is no secret to check the signature with.</exception>
    public CheckoutSession? Read(ReadOnlyMemory<byte> body, string? signature)
    {
        Check(body, signature);
        try
        {
            using var parsed = JsonDocument.Parse(body);
            return ReadEvent(parsed.RootElement);
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WebhookRefusedException("The body is not an event of Stripe.", exception);
        }
    }

    private void Check(ReadOnlyMemory<byte> body, string? signature)
    {
        if (options.Value.WebhookSecret is not { Length: > 0 } secret)
        {
            throw new StripeUnavailableException("Stripe:WebhookSecret is not set, so Mirai cannot check the event.");
        }

        try
        {
            EventUtility.ValidateSignature(
                Encoding.UTF8.GetString(body.Span), signature ?? "", secret,
                (long)options.Value.SignatureTolerance.TotalSeconds, time.GetUtcNow().ToUnixTimeSeconds());
        }
        catch (StripeException exception)
        {
            throw new WebhookRefusedException(
                "The header Stripe-Signature is missing, too old, or not made with the secret of this endpoint.",
                exception);
        }
    }

    private static CheckoutSession? ReadEvent(JsonElement root)
    {
        var type = root.GetProperty("type").GetString();
        if (type is not ("checkout.session.completed" or "checkout.session.async_payment_succeeded"))
        {
            return null;
        }

        var session = root.GetProperty("data").GetProperty("object");
        var isPaid = session.GetProperty("payment_status").GetString() is StripeSessions.Paid or StripeSessions.Free;
        var id = session.GetProperty("id").GetString();
        if (string.IsNullOrEmpty(id) || id.Length > CheckoutSession.MaxIdLength)
        {
            throw new KeyNotFoundException("id");
        }

        // A session can be paid later, for instance by bank debit: another event reports that payment.
        return !isPaid ? null : new CheckoutSession
        {
            Id = id,
            RegistrationId = session.TryGetProperty("client_reference_id", out var reference)
                ? CheckoutSession.ToRegistrationId(reference.GetString())
                : null,
        };
    }
}

/// <summary>A request to the webhook is not trusted, or is not an event. The message says why and repeats nothing of
/// the request.</summary>
public sealed class WebhookRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why the request is refused.</param>
    /// <param name="innerException">The cause.</param>
    public WebhookRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
