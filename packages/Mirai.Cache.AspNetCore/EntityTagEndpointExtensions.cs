using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Mirai.Cache.AspNetCore;

/// <summary>Entity tags for minimal APIs.</summary>
public static class EntityTagEndpointExtensions
{
    /// <summary>Makes HTTP responses of what handlers return from the cache. A <see cref="CacheEntry{T}"/> becomes its
    /// data with <c>ETag</c> and <c>Cache-Control</c>; or 304 when the client has this version already; or 412 when
    /// the client asked for another version. <see langword="null"/> becomes 404. A <see cref="CacheWriteResult"/>
    /// becomes 204; or 412 when its condition was not met; or 503 with <c>Retry-After</c> when Redis is away. A
    /// precondition that cannot be read becomes 400.</summary>
    /// <remarks>A handler that writes takes a <see cref="RequestCondition"/> and passes it on to the cache.</remarks>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The builder of an endpoint, or of a group of endpoints.</param>
    /// <param name="cacheControl">The value of <c>Cache-Control</c>. By default, browsers keep the data and ask every
    /// time whether they are current, and proxies do not keep them.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder WithEntityTags<TBuilder>(this TBuilder builder, string cacheControl = "private, no-cache")
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(static endpoint =>
        {
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status412PreconditionFailed));
        });

        return builder.AddEndpointFilter(new EntityTagFilter(cacheControl));
    }
}
