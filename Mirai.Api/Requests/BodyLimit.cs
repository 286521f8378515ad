using Microsoft.AspNetCore.Mvc;

namespace Mirai.Api.Requests;

/// <summary>Refuses bodies that are too large so that the sender sees the answer: the server cuts the connection when
/// its own limit is passed, and what it has answered is lost with it. So its limit is far above ours, and what lies
/// between is read and dropped.</summary>
internal static class BodyLimit
{
    // What the server drops after the answer, for some seconds at most.
    private const long Dropped = 32 * 1024 * 1024;

    /// <summary>Sets the server's limit.</summary>
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder route, long bytes) =>
        route.WithMetadata(new RequestSizeLimitAttribute(bytes + Dropped));

    /// <summary>Sets ours, for what is read from now on.</summary>
    /// <exception cref="InvalidRequestException">The body says that it is larger.</exception>
    public static void LimitBody(this HttpRequest request, long bytes)
    {
        if (request.ContentLength > bytes)
        {
            throw TooLarge(bytes);
        }

        request.Body = new LimitedStream(request.Body, bytes);
    }

    public static InvalidRequestException TooLarge(long bytes) =>
        new("body", $"must have at most {bytes} bytes", StatusCodes.Status413PayloadTooLarge);
}
