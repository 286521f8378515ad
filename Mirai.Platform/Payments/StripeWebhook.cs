using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Stripe;

namespace Mirai.Platform.Payments;

/// <summary>Reads Stripe's events, after it has made sure that they are Stripe's.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options, TimeProvider time)
{
    /// <summary>Checks the signature and its age, and then looks what the event says.</summary>
    /// <returns>The session that it says is paid; <see langword="null"/> when it says something else.</returns>
    /// <exception cref="WebhookRefusedException">It is not Stripe's, too old, or no event.</exception>
    /// <exception cref="StripeUnavailableException">There is no secret to check it with.</exception>
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
            throw new WebhookRefusedException("The body is no event of Stripe's.", exception);
        }
    }

    private void Check(ReadOnlyMemory<byte> body, string? signature)
    {
        if (options.Value.WebhookSecret is not { Length: > 0 } secret)
        {
            throw new StripeUnavailableException("Stripe:WebhookSecret is not set: no event can be checked.");
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

        // Paid later (a bank debit, for instance): another event will say so.
        return !isPaid ? null : new CheckoutSession
        {
            Id = id,
            RegistrationId = session.TryGetProperty("client_reference_id", out var reference)
                ? CheckoutSession.ToRegistrationId(reference.GetString())
                : null,
        };
    }
}
