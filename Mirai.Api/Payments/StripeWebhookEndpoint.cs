using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Platform.Payments;

namespace Mirai.Api.Payments;

/// <summary>The webhook that Stripe sends events to.</summary>
internal static class StripeWebhookEndpoint
{
    // Events are some kilobytes long.
    private const int MaxBodyBytes = 1024 * 1024;

    public static RouteHandlerBuilder MapStripeWebhook(this IEndpointRouteBuilder routes) => routes
        .MapPost("/api/webhooks/stripe", TakeAsync).WithTags("Payments")
        .WithSummary("Takes an event of Stripe's; a session that is paid is provisioned.")
            .WithRawBody(MaxBodyBytes, MediaTypeNames.Application.Json)
        .AllowAnonymous() // the event is signed
        .DisableRateLimiting(); // Stripe delivers refused events again: a limit would add requests

    // Answers that the results do not name (400, 413, 503) come from exceptions. Stripe delivers an event again until
    // the answer is 200.
    private static async Task<Ok<WebhookResponse>> TakeAsync(
        HttpRequest request, StripePayments payments, CancellationToken cancellationToken)
    {
        request.ApplyBodyLimit();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var enqueued = await payments.TakeEventAsync(
            body.GetBuffer().AsMemory(0, (int)body.Length), request.Headers["Stripe-Signature"], cancellationToken);

        return TypedResults.Ok(new WebhookResponse(Received: true, enqueued));
    }
}

/// <summary>The result of an event, for people who look at the deliveries in Stripe's dashboard.</summary>
/// <param name="Received">Whether Stripe signed the event.</param>
/// <param name="Enqueued">Whether the event caused a task: not if it is a repetition or of another kind.</param>
internal sealed record WebhookResponse(bool Received, bool Enqueued);
