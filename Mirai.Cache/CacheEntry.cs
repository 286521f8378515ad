namespace Mirai.Cache;

/// <summary>An entry with its metadata. Several callers may get the same instance: treat the value as
/// read-only.</summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="value">The data.</param>
/// <param name="etag">Its version.</param>
/// <param name="timestamp">When it was written, by the clock of its writer.</param>
public sealed class CacheEntry<T>(T value, CacheETag etag, DateTimeOffset timestamp) : ICacheEntry
{
    /// <summary>The data.</summary>
    public T Value { get; } = value;

    /// <summary>Its version.</summary>
    public CacheETag ETag { get; } = etag;

    /// <summary>When it was written, by the clock of its writer, in whole milliseconds.</summary>
    public DateTimeOffset Timestamp { get; } = timestamp;

    /// <summary>It is served past its lifetime, because its caller allowed that (see
    /// <see cref="CacheEntryOptions.StaleWhileRevalidate"/> and
    /// <see cref="CacheEntryOptions.StaleIfError"/>).</summary>
    public bool IsStale { get; internal init; }

    TResult ICacheEntry.Accept<TResult>(ICacheEntryVisitor<TResult> visitor) => visitor.Visit(this);
}
