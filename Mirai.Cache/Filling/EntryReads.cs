using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mirai.Cache.Entries;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;
using StackExchange.Redis;

namespace Mirai.Cache.Filling;

/// <summary>Reads entries and judges what they are worth. Nothing that stands in Redis makes it throw.</summary>
internal sealed class EntryReads(EntryStore entries, TagStore tags, EntrySerializer serializer, TimeProvider time)
{
    public async ValueTask<Found<T>> ReadAsync<T>(CacheKey<T> key, CancellationToken cancellationToken)
    {
        var answer = await entries.ReadAsync(key.Name, cancellationToken).ConfigureAwait(false);
        return await JudgeAsync<T>(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a fill the right to store, and reads the entry as it is then.</summary>
    public async ValueTask<Found<T>> BeginFillAsync<T>(
        CacheKey<T> key, string token, CacheEntryOptions options, CancellationToken cancellationToken)
    {
        var answer = await entries.BeginFillAsync(key.Name, token, options.FactoryHardTimeout, cancellationToken)
            .ConfigureAwait(false);

        return await JudgeAsync<T>(answer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Found<T>> JudgeAsync<T>(Answer<Lease<byte>?> answer, CancellationToken cancellationToken)
    {
        if (!answer.IsGiven)
        {
            // A key that is no string is refused: somebody else's, and damaged as an entry.
            return answer.Kind == AnswerKind.Refused
                ? Found<T>.Nothing(MissReason.Damaged)
                : Found<T>.Nothing(MissReason.Bypassed, isKnown: false);
        }

        using var lease = answer.Reply;
        var found = lease is null ? Found<T>.Nothing(MissReason.Absent) : Judge(lease.Span, serializer.TypeOf<T>());
        if (found.Tags.Length == 0)
        {
            return found;
        }

        var current = await tags.AreCurrentAsync(found.Tags, cancellationToken).ConfigureAwait(false);
        return !current.IsGiven ? Found<T>.Nothing(MissReason.Bypassed, isKnown: false)
            : current.Reply ? found
            : Found<T>.Nothing(MissReason.Tag) with { Seen = found.Seen };
    }

    private Found<T> Judge<T>(ReadOnlySpan<byte> entry, JsonTypeInfo<T> type)
    {
        switch (EntryReader.Read(entry, out var fields))
        {
            case EntryFlaw.Damaged:
                EntryTail.TryRead(entry, out var etag, out _);
                return Found<T>.Nothing(MissReason.Damaged) with { Seen = etag };
            case EntryFlaw.NewerVersion:
                return Found<T>.Nothing(MissReason.NewerVersion);
        }

        // By number: a timestamp may be any, and not all of them are dates.
        var now = time.GetUtcNow();
        if (fields.Timestamp < (now - CacheEntryOptions.LongestLife).ToUnixTimeMilliseconds())
        {
            return Found<T>.Nothing(MissReason.Expired);
        }

        return TryDeserialize(entry[fields.Data], type, out var value) && TryDate(fields.Timestamp, out var timestamp)
            ? Judge(new CacheEntry<T>(value!, fields.ETag, timestamp), fields, now, entry.Length)
            : Found<T>.Nothing(MissReason.Damaged) with { Seen = fields.ETag };
    }

    private static Found<T> Judge<T>(CacheEntry<T> entry, in EntryFields fields, DateTimeOffset now, int size)
    {
        var isStale = fields.FreshUntil <= now.ToUnixTimeMilliseconds();
        return new Found<T>
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

    // Converters are the application's, and throw what they like about data that somebody else wrote.
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
