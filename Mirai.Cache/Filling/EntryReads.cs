using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mirai.Cache.Entries;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;
using StackExchange.Redis;

namespace Mirai.Cache.Filling;

/// <summary>Reads entries and judges whether they can be served. No value in Redis makes a read throw.</summary>
internal sealed class EntryReads(EntryStore entries, TagStore tags, EntrySerializer serializer, TimeProvider time)
{
    public async ValueTask<CacheLookup<T>> ReadAsync<T>(CacheKey<T> key, CancellationToken cancellationToken)
    {
        var answer = await entries.ReadAsync(key.Name, cancellationToken).ConfigureAwait(false);
        return await JudgeAsync<T>(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a fill the right to store, and reads the entry as it is then.</summary>
    public async ValueTask<CacheLookup<T>> BeginFillAsync<T>(
        CacheKey<T> key, string token, CacheEntryOptions options, CancellationToken cancellationToken)
    {
        var answer = await entries.BeginFillAsync(key.Name, token, options.FactoryHardTimeout, cancellationToken)
            .ConfigureAwait(false);

        return await JudgeAsync<T>(answer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<CacheLookup<T>> JudgeAsync<T>(
        Answer<Lease<byte>?> answer, CancellationToken cancellationToken)
    {
        if (!answer.IsGiven)
        {
            // Redis refuses a key that is not a string: as an entry it counts as damaged.
            return answer.Kind == AnswerKind.Refused
                ? CacheLookup<T>.Miss(MissReason.Damaged)
                : CacheLookup<T>.Miss(MissReason.Bypassed, isKnown: false);
        }

        using var lease = answer.Reply;
        var found = lease is null ? CacheLookup<T>.Miss(MissReason.Absent) : Judge(lease.Span, serializer.TypeOf<T>());
        if (found.Tags.Length == 0)
        {
            return found;
        }

        var current = await tags.AreCurrentAsync(found.Tags, cancellationToken).ConfigureAwait(false);
        return !current.IsGiven ? CacheLookup<T>.Miss(MissReason.Bypassed, isKnown: false)
            : current.Reply ? found
            : CacheLookup<T>.Miss(MissReason.Tag) with { Seen = found.Seen };
    }

    private CacheLookup<T> Judge<T>(ReadOnlySpan<byte> entry, JsonTypeInfo<T> type)
    {
        switch (EntryReader.Read(entry, out var fields))
        {
            case EntryFlaw.Damaged:
                EntryTail.TryRead(entry, out var etag, out _);
                return CacheLookup<T>.Miss(MissReason.Damaged) with { Seen = etag };
            case EntryFlaw.NewerVersion:
                return CacheLookup<T>.Miss(MissReason.NewerVersion);
        }

        // Compared as numbers: not every timestamp fits a DateTimeOffset.
        var now = time.GetUtcNow();
        if (fields.Timestamp < (now - CacheEntryOptions.LongestLife).ToUnixTimeMilliseconds())
        {
            return CacheLookup<T>.Miss(MissReason.Expired);
        }

        return TryDeserialize(entry[fields.Data], type, out var value) && TryDate(fields.Timestamp, out var timestamp)
            ? Judge(new CacheEntry<T>(value!, fields.ETag, timestamp), fields, now, entry.Length)
            : CacheLookup<T>.Miss(MissReason.Damaged) with { Seen = fields.ETag };
    }

    private static CacheLookup<T> Judge<T>(CacheEntry<T> entry, in EntryFields fields, DateTimeOffset now, int size)
    {
        var isStale = fields.FreshUntil <= now.ToUnixTimeMilliseconds();
        return new CacheLookup<T>
        {
            IsKnown = true,
            Fresh = isStale ? null : entry,
            Stale = isStale ? new CacheEntry<T>(entry.Value, entry.ETag, entry.Timestamp) { IsStale = true } : null,
            FreshUntil = fields.FreshUntil is { } until && TryDate(until, out var date) ? date : null,
            Seen = entry.ETag,
            Size = size,
            Tags = fields.Tags,
            Reason = MissReason.Expired,
        };
    }

    private static bool TryDate(long milliseconds, out DateTimeOffset date)
    {
        var last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        date = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, last));
        return milliseconds >= 0 && milliseconds <= last;
    }

    // Converters belong to the application, and may throw anything at data that another service wrote.
    private static bool TryDeserialize<T>(ReadOnlySpan<byte> data, JsonTypeInfo<T> type, out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(data, type);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            value = default;
            return false;
        }
    }
}

/// <summary>The result of a read in Redis.</summary>
internal readonly record struct CacheLookup<T>
{
    /// <summary>Whether Redis answered.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The entry, if it can be served as fresh.</summary>
    public CacheEntry<T>? Fresh { get; init; }

    /// <summary>The entry, if Redis still has it past its lifetime.</summary>
    public CacheEntry<T>? Stale { get; init; }

    /// <summary>When <see cref="Stale"/> stopped being fresh, or <see cref="Fresh"/> will, if the entry says
    /// so.</summary>
    public DateTimeOffset? FreshUntil { get; init; }

    /// <summary>The version in Redis, also of an entry that cannot be served.</summary>
    public CacheETag? Seen { get; init; }

    /// <summary>The size of the entry (bytes).</summary>
    public int Size { get; init; }

    public TagMark[] Tags { get; init; }

    /// <summary>Why there is no <see cref="Fresh"/> entry.</summary>
    public string Reason { get; init; }

    public static CacheLookup<T> Miss(string reason, bool isKnown = true) =>
        new() { IsKnown = isKnown, Reason = reason, Tags = [] };
}
