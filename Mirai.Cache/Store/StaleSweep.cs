using Mirai.Cache.Entries;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Finds and deletes entries that are older than 24 hours although Redis still has them.</summary>
internal sealed class StaleSweep(IRedisCaller redis, EntryStore entries, TimeProvider time)
{
    // Entries of writers that order the members differently are read whole, up to this size (bytes).
    private const int LargestRead = 64 * 1024;

    // The number of entries in one call: even the largest replies arrive well within the time-out.
    private const int Portion = 50;

    private readonly KeyScan scan = new(redis);

    /// <summary>Walks over all keys once.</summary>
    public async ValueTask<Answer<long>> RunAsync(CancellationToken cancellationToken)
    {
        var removed = 0L;
        await foreach (var page in scan.PagesAsync(glob: null, cancellationToken).ConfigureAwait(false))
        {
            if (!page.IsGiven)
            {
                return page.As(removed);
            }

            foreach (var portion in page.Reply!.Chunk(Portion))
            {
                var answer = await SweepAsync(portion, cancellationToken).ConfigureAwait(false);
                removed += answer.Reply;
                if (!answer.IsGiven)
                {
                    return answer.As(removed);
                }
            }
        }

        return Answer<long>.Given(removed);
    }

    private async ValueTask<Answer<long>> SweepAsync(RedisKey[] keys, CancellationToken cancellationToken)
    {
        var stale = await redis.AskAsync(
            "find_stale", (Keys: keys, Oldest: OldestFresh()), FindStaleAsync, cancellationToken)
            .ConfigureAwait(false);
        var removed = 0L;
        foreach (var key in stale.Reply ?? [])
        {
            removed += await RemoveAsync(key.ToString(), cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return stale.As(removed);
    }

    // On condition that there is no entry that could be served: a fresh one may have been written since.
    private async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var change = EntryChange.Deletion(name) with { Condition = CacheCondition.IsAbsent };
        var answer = await entries.ChangeAsync(change, cancellationToken).ConfigureAwait(false);

        return answer.Reply.IsDone;
    }

    private long OldestFresh() => (time.GetUtcNow() - CacheEntryOptions.LongestLife).ToUnixTimeMilliseconds();

    private static async Task<List<RedisKey>> FindStaleAsync(IDatabase database, (RedisKey[] Keys, long Oldest) page)
    {
        var timestamps = await Task.WhenAll(page.Keys.Select(key => ReadTimestampAsync(database, key)))
            .ConfigureAwait(false);
        var stale = page.Keys.Zip(timestamps).Where(pair => pair.Second < page.Oldest).Select(pair => pair.First);

        return [.. stale.Distinct()];
    }

    // null when the value is not an entry: it then belongs to another program, and stays.
    private static async Task<long?> ReadTimestampAsync(IDatabase database, RedisKey key)
    {
        byte[]? tail = await database.StringGetRangeAsync(key, -EntryTail.Length, -1).ConfigureAwait(false);
        if (EntryTail.TryRead(tail, out _, out var timestamp))
        {
            return timestamp;
        }

        var length = await database.StringLengthAsync(key).ConfigureAwait(false);
        if (length > LargestRead)
        {
            return null;
        }

        using var entry = await database.StringGetLeaseAsync(key).ConfigureAwait(false);
        return entry is not null && EntryReader.Read(entry.Span, out var fields) == EntryFlaw.None
            ? fields.Timestamp
            : null;
    }
}
