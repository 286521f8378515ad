using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Mirai.Cache.Entries;

namespace Mirai.Cache.AspNetCore;

/// <summary>Makes HTTP responses of entries and of the results of writes.</summary>
internal sealed class EntityTagFilter(StringValues cacheControl) : IEndpointFilter
{
    // The longest pause between two attempts of the cache to reach Redis.
    private const string RetryAfterSeconds = "3";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context).ConfigureAwait(false);
        while (result is INestedHttpResult nested)
        {
            result = nested.Result;
        }

        return result switch
        {
            ICacheEntry entry => Answer(context.HttpContext, entry),
            CacheWriteResult change => Answer(context.HttpContext.Response, change),
            null when IsRead(context.HttpContext.Request) => TypedResults.NotFound(),
            _ => result,
        };
    }

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static IResult Answer(HttpResponse response, CacheWriteResult change)
    {
        if (change.ETag is { } etag)
        {
            response.Headers.ETag = etag.ToString();
        }

        switch (change.Status)
        {
            case CacheWriteStatus.Done:
                return TypedResults.NoContent();
            case CacheWriteStatus.PreconditionFailed:
                return TypedResults.StatusCode(StatusCodes.Status412PreconditionFailed);
            default:
                response.Headers.RetryAfter = RetryAfterSeconds;
                return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private IResult Answer(HttpContext context, ICacheEntry entry)
    {
        var headers = context.Response.Headers;
        headers.ETag = entry.ETag.ToString();
        if (IsRead(context.Request))
        {
            headers.CacheControl = cacheControl;

            // In the order of RFC 9110: If-Match comes before If-None-Match.
            var (match, noneMatch) = (context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch);
            if (EntityTagHeader.Read(match, isNegated: false)?.IsMetBy(entry.ETag) == false)
            {
                return TypedResults.StatusCode(StatusCodes.Status412PreconditionFailed);
            }

            if (EntityTagHeader.Read(noneMatch, isNegated: true)?.IsMetBy(entry.ETag) == false)
            {
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }

        return entry.Accept(new EntryAsJson(context.RequestServices.GetRequiredService<EntrySerializer>()));
    }
}

/// <summary>Writes the data of an entry as a response, in the JSON whose hash the ETag is.</summary>
internal sealed class EntryAsJson(EntrySerializer serializer) : ICacheEntryVisitor<IResult>
{
    public IResult Visit<T>(CacheEntry<T> entry) => TypedResults.Json(entry.Value, serializer.TypeOf<T>());
}
