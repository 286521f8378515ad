using System.Text.Json.Nodes;

namespace Mirai.Testing;

/// <summary>A checkout session with the fields that Stripe documents.</summary>
public sealed record FakeSession(string Id)
{
    public string Status { get; init; } = "complete";

    public string PaymentStatus { get; init; } = "paid";

    public string? ClientReferenceId { get; init; }

    public string? Email { get; init; } = "payer@example.org";

    public string? Name { get; init; } = "Paula Payer";

    public DateTimeOffset Created { get; init; } = TimeProvider.System.GetUtcNow();

    /// <summary>The code of the reason why the card was declined.</summary>
    public string? Decline { get; init; }

    public string ToJson(bool expandsIntent)
    {
        var session = new JsonObject
        {
            ["id"] = Id,
            ["object"] = "checkout.session",
            ["amount_total"] = 4900,
            ["client_reference_id"] = ClientReferenceId,
            ["created"] = Created.ToUnixTimeSeconds(),
            ["currency"] = "eur",
            ["customer_details"] = Email is null && Name is null
                ? null
                : new JsonObject { ["email"] = Email, ["name"] = Name },
            ["customer_email"] = null,
            ["livemode"] = false,
            ["mode"] = "payment",
            ["payment_intent"] = expandsIntent ? Intent() : "pi_1",
            ["payment_status"] = PaymentStatus,
            ["status"] = Status,
        };

        return session.ToJsonString();
    }

    /// <summary>The event that Stripe sends about the session.</summary>
    public string ToEvent(string type = "checkout.session.completed") => new JsonObject
    {
        ["id"] = $"evt_{Guid.NewGuid():n}",
        ["object"] = "event",
        ["api_version"] = "2026-10-28.endive",
        ["created"] = Created.ToUnixTimeSeconds(),
        ["data"] = new JsonObject { ["object"] = JsonNode.Parse(ToJson(expandsIntent: false)) },
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["type"] = type,
    }.ToJsonString();

    private JsonObject Intent() => new()
    {
        ["id"] = "pi_1",
        ["object"] = "payment_intent",
        ["last_payment_error"] = Decline is null ? null : new JsonObject
        {
            ["type"] = "card_error",
            ["code"] = "card_declined",
            ["decline_code"] = Decline,
            ["message"] = "Your card was declined.",
        },
    };
}
