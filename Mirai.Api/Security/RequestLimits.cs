using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Mirai.Api.Security;

/// <summary>Limits the requests of each client: a token bucket for each client with credentials, and one for each
/// address without.</summary>
internal static class RequestLimits
{
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    public static void Configure(RateLimiterOptions limiter, SecurityOptions security)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = TellWhenAsync;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (bool, string)>(http =>
        {
            var user = http.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : null;
            var key = (user is not null, user ?? http.Connection.RemoteIpAddress?.ToString() ?? "");
            return RateLimitPartition.GetTokenBucketLimiter(
                key, _ => Bucket(user is null ? security.AnonymousRequestsPerSecond : security.RequestsPerSecond));
        });
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = 2 * perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = Refill,
        QueueLimit = 0,
    };

    private static ValueTask TellWhenAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > Refill
            ? after : Refill;
        context.HttpContext.Response.Headers.RetryAfter =
            Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        return ValueTask.CompletedTask;
    }
}
