namespace Mirai.Cache;

/// <summary>An entry with its metadata. Several callers may get the same instance: treat the value as
/// read-only.</summary>
/// <typeparam name="T">The type of the data.</typeparam>
/// <param name="value">The data.</param>
/// <param name="etag">The version.</param>
/// <param name="timestamp">When the entry was written, by the clock of its writer.</param>
public sealed class CacheEntry<T>(T value, CacheETag etag, DateTimeOffset timestamp) : ICacheEntry
{
    /// <summary>The data.</summary>
    public T Value { get; } = value;

    /// <summary>The version.</summary>
    public CacheETag ETag { get; } = etag;

    /// <summary>When the entry was written, by the clock of its writer, in whole milliseconds.</summary>
    public DateTimeOffset Timestamp { get; } = timestamp;

    /// <summary>Whether the entry is served past its lifetime, because the caller's options allow it: see
    /// <see cref="CacheEntryOptions.StaleWhileRevalidate"/> and
    /// <see cref="CacheEntryOptions.StaleIfError"/>.</summary>
    public bool IsStale { get; internal init; }

    TResult ICacheEntry.Accept<TResult>(ICacheEntryVisitor<TResult> visitor) => visitor.Visit(this);
}

/// <summary>A <see cref="CacheEntry{T}"/> of any type.</summary>
internal interface ICacheEntry
{
    CacheETag ETag { get; }

    /// <summary>Calls the visitor with the type of the entry's data, without reflection: reflection would break
    /// trimming.</summary>
    TResult Accept<TResult>(ICacheEntryVisitor<TResult> visitor);
}

/// <summary>Works on an entry whose type only the entry knows.</summary>
internal interface ICacheEntryVisitor<out TResult>
{
    TResult Visit<T>(CacheEntry<T> entry);
}
