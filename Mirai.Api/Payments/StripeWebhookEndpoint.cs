using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.OpenApi;
using Mirai.Api.Requests;
using Mirai.Platform.Payments;

namespace Mirai.Api.Payments;

/// <summary>What Stripe tells of itself.</summary>
internal static class StripeWebhookEndpoint
{
    // Events are some kilobytes long.
    private const int MaxBodyBytes = 1024 * 1024;

    public static RouteHandlerBuilder MapStripeWebhook(this IEndpointRouteBuilder routes) => routes
        .MapPost("/api/webhooks/stripe", TakeAsync).WithTags("Payments")
        .WithSummary("Takes an event of Stripe's; a session that is paid is provisioned.")
            .WithRawBody("application/json").WithBodyLimit(MaxBodyBytes)
        .AllowAnonymous() // its signature says whose it is
        .DisableRateLimiting(); // what is refused is delivered again, and more of it

    // The answer's other forms (400, 413, 503) come from exceptions; Stripe delivers again what is not answered by
    // 200.
    private static async Task<Ok<WebhookResponse>> TakeAsync(
        HttpRequest request, StripePayments payments, CancellationToken cancellationToken)
    {
        request.LimitBody(MaxBodyBytes);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var enqueued = await payments.TakeEventAsync(
            body.GetBuffer().AsMemory(0, (int)body.Length), request.Headers["Stripe-Signature"], cancellationToken);

        return TypedResults.Ok(new WebhookResponse(Received: true, enqueued));
    }
}
