using Microsoft.AspNetCore.Http;

namespace Mirai.Cache.Http;

/// <summary>Entity tags for minimal APIs.</summary>
public static class CacheEndpointConventionBuilderExtensions
{
    /// <summary>Lets handlers answer with what the cache gave them. A <see cref="CacheEntry{T}"/> becomes its data
    /// with <c>ETag</c> and <c>Cache-Control</c>, or 304 when the client has it already, or 412 when the client asked
    /// for another version; nothing becomes 404. A <see cref="CacheWriteResult"/> becomes 204, 412 when its condition
    /// was not met, or 503 with <c>Retry-After</c> when Redis is away. A precondition that cannot be read is a
    /// 400.</summary>
    /// <remarks>A handler of a write takes a <see cref="RequestCondition"/> and passes it on to the cache.</remarks>
    /// <typeparam name="TBuilder">What is being built.</typeparam>
    /// <param name="builder">An endpoint or a group of them.</param>
    /// <param name="cacheControl">What browsers and proxies may do with the data. By default they keep it, and ask
    /// every time whether it still holds.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder WithEntityTags<TBuilder>(this TBuilder builder, string cacheControl = "private, no-cache")
        where TBuilder : Microsoft.AspNetCore.Builder.IEndpointConventionBuilder
    {
        builder.Add(static endpoint =>
        {
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status412PreconditionFailed));
        });

        return builder.AddEndpointFilter(new EntityTagFilter(cacheControl));
    }
}
