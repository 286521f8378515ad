using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Sets up the account that a checkout session paid for, and marks its registration.</summary>
/// <param name="SessionId">Stripe's id of the session, for instance <c>cs_live_a1b2</c>.</param>
/// <remarks>Repeatable: there is one account per session, however often it runs. A session that is unknown or not paid
/// ends the task without retries.</remarks>
[QueueTask("stripe:provision", Queue = "critical", MaxRetry = 10, TimeoutSeconds = 120)]
public sealed record StripeProvision([property: Sensitive] string SessionId);
