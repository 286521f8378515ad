using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;

namespace Mirai.Api.Requests;

/// <summary>What a route reads. Routes read bodies and some headers themselves, to name the field that is wrong: only
/// these conventions tell the description of the API, the server and <see cref="JsonBody"/> about them.</summary>
internal static class RouteConventions
{
    // The server reads and drops what exceeds the limit by no more than this, for some seconds at most.
    private const long DroppedBytes = 32 * 1024 * 1024;

    /// <summary>The route reads a JSON body.</summary>
    /// <typeparam name="T">The record that holds the body.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="maxBytes">The largest body; <see langword="null"/> for the server's limit.</param>
    public static RouteHandlerBuilder WithJsonBody<T>(this RouteHandlerBuilder route, long? maxBytes = null) =>
        route.WithBody(new RouteBody(typeof(T), [MediaTypeNames.Application.Json], maxBytes));

    /// <summary>The route reads the bytes of a body.</summary>
    public static RouteHandlerBuilder WithRawBody(
        this RouteHandlerBuilder route, long maxBytes, params string[] contentTypes) =>
        route.WithBody(new RouteBody(Type: null, contentTypes, maxBytes));

    /// <summary>The route reads a header.</summary>
    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new RouteHeader(name, description));

    // The server closes the connection when a body exceeds the server's limit, and the answer is lost with it. So the
    // server's limit is far above the route's: a sender whose body is too large sees the route's answer.
    private static RouteHandlerBuilder WithBody(this RouteHandlerBuilder route, RouteBody body) =>
        body.MaxBytes is { } maxBytes
            ? route.WithMetadata(body, new RequestSizeLimitAttribute(maxBytes + DroppedBytes))
            : route.WithMetadata(body);
}

/// <summary>The body that a route reads.</summary>
/// <param name="Type">The record that JSON is read into; <see langword="null"/> for bytes.</param>
/// <param name="ContentTypes">The media types that the route takes.</param>
/// <param name="MaxBytes">The largest body; <see langword="null"/> for the server's limit.</param>
internal sealed record RouteBody(Type? Type, IReadOnlyList<string> ContentTypes, long? MaxBytes);

/// <summary>A header that a route reads.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What the header does.</param>
internal sealed record RouteHeader(string Name, string Description);
