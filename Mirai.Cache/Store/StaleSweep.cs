using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mirai.Cache.Entries;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Finds and deletes entries that are older than 24 hours although Redis still has them.</summary>
internal sealed partial class StaleSweep(IRedisCaller redis, EntryStore entries, TimeProvider time)
{
    private const int TailLength = 512;

    // Whoever writes the members in another order is read whole, if that is no burden.
    private const int LargestRead = 256 * 1024;

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

            var stale = await redis.AskAsync(
                "find_stale", (Keys: page.Reply!, Oldest: OldestFresh()), FindStaleAsync, cancellationToken)
                .ConfigureAwait(false);
            foreach (var key in stale.Reply ?? [])
            {
                removed += await RemoveAsync(key.ToString(), cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            if (!stale.IsGiven)
            {
                return stale.As(removed);
            }
        }

        return Answer<long>.Given(removed);
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
        var timestamps = await Task.WhenAll(page.Keys.Select(key => ReadTimestampAsync(database, key))).ConfigureAwait(false);

        return [.. page.Keys.Zip(timestamps).Where(pair => pair.Second < page.Oldest).Select(pair => pair.First).Distinct()];
    }

    // null when it is no entry: then it is not ours to judge.
    private static async Task<long?> ReadTimestampAsync(IDatabase database, RedisKey key)
    {
        var tail = await database.StringGetRangeAsync(key, -TailLength, -1).ConfigureAwait(false);
        var match = Tail().Match(Encoding.Latin1.GetString((byte[]?)tail ?? []));
        if (match.Success)
        {
            return long.Parse(match.Groups["timestamp"].ValueSpan, CultureInfo.InvariantCulture);
        }

        var length = await database.StringLengthAsync(key).ConfigureAwait(false);
        if (length > LargestRead)
        {
            return null;
        }

        using var entry = await database.StringGetLeaseAsync(key).ConfigureAwait(false);
        return entry is not null && EntryReader.Read(entry.Span, out var fields) == EntryFlaw.None ? fields.Timestamp : null;
    }

    // How writers end an entry. Behind data that end with a brace, these members are the entry's own.
    [GeneratedRegex(
        """[,{]\s*"etag"\s*:\s*"(?:W/)?\\"[^"\\]*\\""\s*,\s*"timestamp"\s*:\s*(?<timestamp>[0-9]{1,18})\s*,\s*"version"\s*:\s*1\s*}\s*\z""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Tail();
}
