using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Deletes or counts whole families of entries: SCAN and UNLINK, page by page, never KEYS.</summary>
internal sealed class KeyRemover(IRedisCaller redis, ChangeMessages messages)
{
    private readonly KeyScan scan = new(redis);

    /// <summary>Deletes what matches.</summary>
    /// <returns>How many there were, as far as Redis answered.</returns>
    public async ValueTask<Answer<long>> RemoveAsync(CachePattern pattern, CancellationToken cancellationToken)
    {
        // Told twice. Before: what fills have read until now is not to be stored. After: copies that others made of
        // entries which were still there.
        await TellAsync(pattern, cancellationToken).ConfigureAwait(false);
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

        var told = await TellAsync(pattern, cancellationToken).ConfigureAwait(false);
        return told.As(count);
    }

    /// <summary>Counts what matches. SCAN names a key twice at times, while Redis resizes its table; to remember them
    /// all would cost more memory than that is worth.</summary>
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

    private ValueTask<Answer<long>> TellAsync(CachePattern pattern, CancellationToken cancellationToken) =>
        redis.AskAsync(
        "tell", messages.Pattern(pattern),
        static (database, message) => database.PublishAsync(RedisChannel.Literal(RedisNames.ChangesChannel), message),
        cancellationToken);

    private ValueTask<Answer<long>> UnlinkAsync(RedisKey[] keys, CancellationToken cancellationToken) =>
        redis.AskAsync(
        "unlink", keys,
        static (database, page) =>
            IsCluster(database) ? UnlinkEachAsync(database, page) : UnlinkAllAsync(database, page),
        cancellationToken);

    private static bool IsCluster(IDatabase database) =>
        Array.Exists(database.Multiplexer.GetServers(), server => server.ServerType == ServerType.Cluster);

    private static async Task<long> UnlinkAllAsync(IDatabase database, RedisKey[] keys) =>
        (long)await database.ExecuteAsync("UNLINK", [.. keys.Select(key => (object)key)]).ConfigureAwait(false);

    // Keys of one command share a slot, which these do not.
    private static async Task<long> UnlinkEachAsync(IDatabase database, RedisKey[] keys)
    {
        var replies = await Task.WhenAll(keys.Select(key => UnlinkAllAsync(database, [key]))).ConfigureAwait(false);
        return replies.Sum();
    }
}
