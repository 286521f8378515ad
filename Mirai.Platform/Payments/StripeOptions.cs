using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Payments;

/// <summary>How to talk with Stripe, from the configuration section <c>Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>The secret key, <c>sk_live_…</c> or a restricted one that may read checkout sessions and payment
    /// intents.</summary>
    /// <value>Default: none; nothing can be provisioned then.</value>
    public string? ApiKey { get; set; }

    /// <summary>The secret of the webhook endpoint, <c>whsec_…</c>.</summary>
    /// <value>Default: none; events are refused then.</value>
    public string? WebhookSecret { get; set; }

    /// <summary>Where Stripe's API is.</summary>
    /// <value>Default: <c>https://api.stripe.com</c>.</value>
    [Url]
    public string ApiBase { get; set; } = "https://api.stripe.com";

    /// <summary>How old an event's signature may be.</summary>
    /// <value>10 s to 1 h. Default: 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SignatureTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one try of a request may take. There are three at most.</summary>
    /// <value>1 s to 30 s. Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much older than the last reconciliation a session may be when it is looked at: Stripe lists
    /// sessions by when they began, and they can be paid for 24 h, by slow methods for days.</summary>
    /// <value>1 h to 30 days. Default: 25 h.</value>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan ReconcileOverlap { get; set; } = TimeSpan.FromHours(25);
}

[OptionsValidator]
internal sealed partial class StripeOptionsValidator : IValidateOptions<StripeOptions>;
