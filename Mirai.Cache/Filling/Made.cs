using Mirai.Cache.Entries;

namespace Mirai.Cache.Filling;

/// <summary>What a factory made, ready to be stored.</summary>
/// <param name="Entry">The entry for the callers.</param>
/// <param name="Encoded">The entry for Redis.</param>
/// <param name="FreshUntil">When it stops being fresh.</param>
/// <param name="TimeToLive">How long Redis keeps it: while it is fresh, and while it may be served stale.</param>
internal sealed record Made<T>(
    CacheEntry<T> Entry, EncodedEntry Encoded, DateTimeOffset FreshUntil, TimeSpan TimeToLive);
