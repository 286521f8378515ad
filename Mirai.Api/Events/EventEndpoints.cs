using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Platform.Changes;

namespace Mirai.Api.Events;

/// <summary>The stream of changes (server-sent events).</summary>
internal static class EventEndpoints
{
    // Proxies close connections that are quiet, and only a write notices that a client has disconnected.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const string RetryAfterSeconds = "5";

    public static RouteGroupBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/events").WithTags("Events")
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapGet("", ListenAsync).WithSummary("A stream of changes, as server-sent events.")
            .DisableRequestTimeout();
        return group;
    }

    private static async Task<Results<ServerSentEventsResult<string>, ProblemHttpResult>> ListenAsync(
        Guid[] id, HttpContext http, EventClients clients, ChangeFeed feed, IOptions<ApiOptions> options,
        ExactJson json)
    {
        if (clients.TryEnter() is not { } client)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return TypedResults.Problem(
                string.Create(
                    CultureInfo.InvariantCulture, $"{options.Value.MaxEventClients} clients listen here already."),
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        http.Response.RegisterForDispose(client);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, clients.Stopping);
        http.Response.RegisterForDispose(stop);
        var changes = await feed.SubscribeAsync(stop.Token)
            .WaitAsync(options.Value.RedisTimeout, clients.Time, stop.Token);

        return TypedResults.ServerSentEvents(StreamAsync(
            changes, [.. id], json.TypeOf<EventResponse>(), clients.Time, stop.Token));
    }

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        IAsyncEnumerable<Change> changes, HashSet<Guid> ids, JsonTypeInfo<EventResponse> json, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new SseItem<string>("{}", "ready");
        await using var source = changes.GetAsyncEnumerator(cancellationToken);
        var next = source.MoveNextAsync().AsTask();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!await IsThereAsync(next, time))
            {
                yield return new SseItem<string>("{}", "ping");
                continue;
            }

            // The feed was cancelled, or has ended.
            if (!next.IsCompletedSuccessfully || !await next)
            {
                yield break;
            }

            var change = source.Current;
            next = source.MoveNextAsync().AsTask();
            if (ids.Count == 0 || ids.Contains(change.Id) || change.Kind == Change.Missed)
            {
                yield return new SseItem<string>(
                    JsonSerializer.Serialize(EventResponse.From(change), json), change.Kind);
            }
        }
    }

    private static async Task<bool> IsThereAsync(Task next, TimeProvider time)
    {
        try
        {
            await next.WaitAsync(Heartbeat, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return next.IsCompleted;
    }
}

/// <summary>A change as the API shows it. Members without a value are left out.</summary>
internal sealed record EventResponse(Guid? Id, string? State, int? Progress)
{
    public static EventResponse From(Change change) =>
        new(change.Id == Guid.Empty ? null : change.Id, change.State, change.Progress);
}
