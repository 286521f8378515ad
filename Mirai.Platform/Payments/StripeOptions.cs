using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Payments;

/// <summary>Settings of the connection to Stripe, from the configuration section <c>Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>The secret key, <c>sk_live_…</c>, or a restricted key that may read checkout sessions and payment
    /// intents.</summary>
    /// <value>Default: none, and no session can be provisioned.</value>
    public string? ApiKey { get; set; }

    /// <summary>The secret of the webhook endpoint, <c>whsec_…</c>.</summary>
    /// <value>Default: none, and events are refused.</value>
    public string? WebhookSecret { get; set; }

    /// <summary>The address of Stripe's API.</summary>
    /// <value>Default: <c>https://api.stripe.com</c>.</value>
    [Url]
    public string ApiBase { get; set; } = "https://api.stripe.com";

    /// <summary>The longest age of an event's signature.</summary>
    /// <value>10 s to 1 h. Default: 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SignatureTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Limit of one attempt of a request. A request has at most three attempts.</summary>
    /// <value>1 s to 30 s. Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How far back before the last reconciliation Mirai looks. Stripe lists sessions by their start, and a
    /// session can be paid within 24 h, with slow methods of payment within days.</summary>
    /// <value>1 h to 30 days. Default: 25 h.</value>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan ReconcileOverlap { get; set; } = TimeSpan.FromHours(25);
}

[OptionsValidator]
internal sealed partial class StripeOptionsValidator : IValidateOptions<StripeOptions>;

/// <summary>The HTTP client for Stripe. It retries failures that may pass, waits as long as Stripe asks, and ends
/// within a limit.</summary>
internal static class StripeHttpClient
{
    private const int Retries = 2;

    public static void AddStripeClient(this IServiceCollection services) => services
        .AddHttpClient(StripeSessions.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers() // they log addresses, which contain the ids of sessions
        .AddStandardResilienceHandler()
        .Configure((resilience, provider) =>
        {
            var timeout = provider.GetRequiredService<IOptions<StripeOptions>>().Value.Timeout;
            resilience.AttemptTimeout.Timeout = timeout;
            resilience.TotalRequestTimeout.Timeout = timeout * (Retries + 1);
            resilience.CircuitBreaker.SamplingDuration = timeout * (Retries + 1);
            resilience.Retry.MaxRetryAttempts = Retries;
            resilience.Retry.Delay = TimeSpan.FromMilliseconds(250);
        });
}
