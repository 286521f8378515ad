namespace Mirai.Api.Payments;

/// <summary>What became of an event: for people who look at their deliveries at Stripe.</summary>
/// <param name="Received">It is Stripe's.</param>
/// <param name="Enqueued">It caused a task. False for what is known already, and for events of other kinds.</param>
internal sealed record WebhookResponse(bool Received, bool Enqueued);
