using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Finds sessions that were paid and have no account, for instance because Stripe's event got lost.</summary>
[QueueTask("stripe:reconcile", Queue = "critical", MaxRetry = 3, TimeoutSeconds = 600)]
public sealed record StripeReconcile;
