using Mirai.Cache.Entries;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Finds and deletes entries that are older than 24 hours although Redis still has them.</summary>
internal sealed class StaleSweep(IRedisCaller redis, EntryStore entries, TimeProvider time)
{
    // Whoever writes the members in another order is read whole, if that is no burden.
    private const int LargestRead = 64 * 1024;

    // Looked at in one go: what they could weigh together travels well within the time-out.
    private const int Portion = 50;

    private readonly KeyScan scan = new(redis);

    /// <summary>One walk over all keys.</summary>
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

    // Deletes unless there is an entry that readers accept: a fresh one may have been written since.
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

    // null when it is no entry: then it is not ours to judge.
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
