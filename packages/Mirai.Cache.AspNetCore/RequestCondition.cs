using Microsoft.AspNetCore.Http;

namespace Mirai.Cache.AspNetCore;

/// <summary>The precondition of a request, as a parameter of a minimal API handler: <c>If-Match</c>, or else
/// <c>If-None-Match</c>.</summary>
/// <param name="Condition">The condition for the cache; <see langword="null"/> when the request has none.</param>
public sealed record RequestCondition(CacheCondition? Condition)
{
    /// <summary>Reads the precondition of a request; the framework calls this method.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The precondition.</returns>
    /// <exception cref="BadHttpRequestException">A header cannot be read; the response is 400.</exception>
    public static ValueTask<RequestCondition> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Request.Headers;

        return ValueTask.FromResult(new RequestCondition(
            EntityTagHeader.Read(headers.IfMatch, isNegated: false)
                ?? EntityTagHeader.Read(headers.IfNoneMatch, isNegated: true)));
    }
}
