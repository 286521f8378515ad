using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Deletes or counts the entries whose keys match a pattern: SCAN and UNLINK, page by page, never
/// KEYS.</summary>
internal sealed class KeyRemover(IRedisCaller redis, ChangeMessages messages)
{
    private readonly KeyScan scan = new(redis);

    /// <summary>Deletes the matching entries.</summary>
    /// <returns>The number of entries that Redis has confirmed as deleted.</returns>
    public async ValueTask<Answer<long>> RemoveAsync(CachePattern pattern, CancellationToken cancellationToken)
    {
        // Report twice. Before the deletion: running fills must not store what they have read until now. After it:
        // other processes may have made copies of entries that were not deleted yet.
        await ReportAsync(pattern, cancellationToken).ConfigureAwait(false);
        var count = 0L;
        await foreach (var page in scan.PagesAsync(pattern.Text, cancellationToken).ConfigureAwait(false))
        {
            var removed = page.IsGiven && page.Reply!.Length > 0
                ? await UnlinkAsync(page.Reply, cancellationToken).ConfigureAwait(false)
                : page.As(0L);
            count += removed.Reply;
            if (!removed.IsGiven)
            {
                return removed.As(count);
            }
        }

        var reported = await ReportAsync(pattern, cancellationToken).ConfigureAwait(false);
        return reported.As(count);
    }

    /// <summary>Counts the matching entries. SCAN may return a key twice while Redis resizes its table; remembering
    /// every key would cost more memory than an exact number is worth.</summary>
    public async ValueTask<Answer<long>> CountAsync(CachePattern pattern, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var page in scan.PagesAsync(pattern.Text, cancellationToken).ConfigureAwait(false))
        {
            if (!page.IsGiven)
            {
                return page.As(0L);
            }

            count += page.Reply!.Length;
        }

        return Answer<long>.Given(count);
    }

    private ValueTask<Answer<long>> ReportAsync(CachePattern pattern, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "tell",
            messages.Pattern(pattern),
            static (database, message) =>
                database.PublishAsync(RedisChannel.Literal(RedisNames.ChangesChannel), message),
            cancellationToken);

    private ValueTask<Answer<long>> UnlinkAsync(RedisKey[] keys, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "unlink",
            keys,
            static (database, page) =>
                IsCluster(database) ? UnlinkEachAsync(database, page) : UnlinkAllAsync(database, page),
            cancellationToken);

    private static bool IsCluster(IDatabase database) =>
        Array.Exists(database.Multiplexer.GetServers(), server => server.ServerType == ServerType.Cluster);

    private static async Task<long> UnlinkAllAsync(IDatabase database, RedisKey[] keys) =>
        (long)await database.ExecuteAsync("UNLINK", [.. keys.Select(key => (object)key)]).ConfigureAwait(false);

    // A cluster accepts several keys in one command only when they share a slot.
    private static async Task<long> UnlinkEachAsync(IDatabase database, RedisKey[] keys)
    {
        var replies = await Task.WhenAll(keys.Select(key => UnlinkAllAsync(database, [key]))).ConfigureAwait(false);
        return replies.Sum();
    }
}
