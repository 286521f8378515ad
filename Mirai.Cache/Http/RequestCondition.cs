using Microsoft.AspNetCore.Http;

namespace Mirai.Cache.Http;

/// <summary>The precondition of a request, as a parameter of a minimal API handler: <c>If-Match</c>, or else
/// <c>If-None-Match</c>.</summary>
/// <param name="Condition">To be passed on to the cache; <see langword="null"/> when the request has none.</param>
public sealed record RequestCondition(CacheCondition? Condition)
{
    /// <summary>Reads it from a request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The precondition.</returns>
    /// <exception cref="BadHttpRequestException">A header cannot be read; the answer is 400.</exception>
    public static ValueTask<RequestCondition> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Request.Headers;

        return ValueTask.FromResult(new RequestCondition(
            EntityTagHeader.Read(headers.IfMatch, isNegated: false)
                ?? EntityTagHeader.Read(headers.IfNoneMatch, isNegated: true)));
    }
}
