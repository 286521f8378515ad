using System.Net.Mime;

namespace Mirai.Api.OpenApi;

/// <summary>Says of routes what their code does not show.</summary>
internal static class DescriptionConventions
{
    public static RouteHandlerBuilder WithJsonBody<T>(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RequestBodyKind(typeof(T), [MediaTypeNames.Application.Json]));

    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new HeaderKind(name, description));

    public static RouteHandlerBuilder WithRawBody(this RouteHandlerBuilder route, params string[] contentTypes) =>
        route.WithMetadata(new RequestBodyKind(Type: null, contentTypes));
}
