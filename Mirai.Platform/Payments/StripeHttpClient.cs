using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Payments;

/// <summary>The HTTP client for Stripe: it tries again what may pass, waits as long as Stripe asks for, and ends in
/// bounded time.</summary>
internal static class StripeHttpClient
{
    private const int Retries = 2;

    public static void AddStripeClient(this IServiceCollection services) => services
        .AddHttpClient(StripeSessions.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers() // they would tell addresses, which hold the ids of sessions
        .AddStandardResilienceHandler()
        .Configure((resilience, provider) =>
        {
            var patience = provider.GetRequiredService<IOptions<StripeOptions>>().Value.Timeout;
            resilience.AttemptTimeout.Timeout = patience;
            resilience.TotalRequestTimeout.Timeout = patience * (Retries + 1);
            resilience.CircuitBreaker.SamplingDuration = patience * (Retries + 1);
            resilience.Retry.MaxRetryAttempts = Retries;
            resilience.Retry.Delay = TimeSpan.FromMilliseconds(250);
        });
}
