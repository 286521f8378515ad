using Microsoft.Extensions.Logging;
using Mirai.Cache.Entries;
using Mirai.Cache.Local;
using Mirai.Cache.Locks;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Filling;

/// <summary>The parts of the cache that every read and fill uses.</summary>
internal sealed record FillParts(
    CacheOptions Options, EntryReads Reads, EntryStore Entries, TagStore Tags, RedisLocks Locks, LocalLevel Local,
    Flights Flights, EntrySerializer Serializer, CacheMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Keeps a copy of a fresh entry, at most as long as the entry is fresh.</summary>
    public void KeepCopy<T>(
        LocalTicket ticket, CacheKey<T> key, CacheEntry<T> entry, int size, DateTimeOffset? freshUntil,
        IReadOnlyList<string> tags, CacheEntryOptions options)
    {
        if (!Local.IsEnabled)
        {
            return;
        }

        var end = entry.Timestamp + CacheEntryOptions.LongestLife;
        var fresh = (freshUntil < end ? freshUntil.Value : end) - Time.GetUtcNow();
        var longest = options.LocalTimeToLive ?? Local.TimeToLive;
        Local.Put(ticket, key.Name, entry, size, fresh < longest ? fresh : longest, tags);
    }

    /// <summary>Keeps a copy of a fresh entry that was read.</summary>
    public void KeepCopy<T>(LocalTicket ticket, CacheKey<T> key, in CacheLookup<T> found, CacheEntryOptions options) =>
        KeepCopy(
            ticket, key, found.Fresh!, found.Size, found.FreshUntil, [.. found.Tags.Select(tag => tag.Tag)], options);
}
