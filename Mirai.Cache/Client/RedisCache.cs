using System.Diagnostics.CodeAnalysis;
using Mirai.Cache.Entries;
using Mirai.Cache.Filling;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Client;

/// <summary>The cache on Redis. It checks what callers ask for, and passes on to the parts.</summary>
internal sealed class RedisCache(CacheParts parts) : ICache
{
    public CacheStatus Status => parts.Availability.Status;

    public async ValueTask<CacheEntry<T>?> GetAsync<T>(CacheKey<T> key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        _ = parts.Serializer.TypeOf<T>();
        if (TryGetLocal(key, out var copy))
        {
            return copy;
        }

        var ticket = parts.Local.Ticket(key.Name);
        var found = await parts.Filling.Reads.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (found.Fresh is null)
        {
            parts.Metrics.Miss(found.Reason);
            return null;
        }

        parts.Metrics.Hit(HitLevel.Redis);
        parts.Filling.KeepCopy(ticket, key, found, CacheEntryOptions.Default);
        return found.Fresh;
    }

    public async ValueTask<CacheEntry<T>> GetOrCreateEntryAsync<T>(
        CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory, CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        cancellationToken.ThrowIfCancellationRequested();
        _ = parts.Serializer.TypeOf<T>();
        options ??= CacheEntryOptions.Default;
        if (options.ReadsLocal && TryGetLocal(key, out var copy))
        {
            return copy;
        }

        var (flight, isNew) = parts.Flights.Join<T>(key.Name, options.Tags);
        if (isNew)
        {
            _ = new EntryFill<T>(parts.Filling, flight, key, factory, options).RunAsync();
        }
        else
        {
            parts.Metrics.Joined();
        }

        try
        {
            return await flight.Entry.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            flight.Leave();
        }
    }

    public async ValueTask<CacheWriteResult> SetAsync<T>(
        CacheKey<T> key, T value, CacheEntryOptions? options = null, CacheCondition? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var type = parts.Serializer.TypeOf<T>();
        options ??= CacheEntryOptions.Default;
        var tags = await parts.Filling.Tags.JoinAsync(options.Tags, cancellationToken).ConfigureAwait(false);
        if (!tags.IsGiven)
        {
            // Without marks, the tags could not invalidate the entry: do not write it, and invalidate the entry that
            // it was to replace.
            parts.Invalidator.Keep(key.Name);
            return new CacheWriteResult(CacheWriteStatus.Bypassed, null);
        }

        var now = parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var encoded = EntryWriter.Write(value, type, now, freshUntil: null, tags.Reply);
        var change = new EntryChange(key.Name, encoded, options.TimeToLive ?? parts.Options.TimeToLive)
        {
            Condition = condition,
        };

        return await ChangeAsync(change, encoded.ETag, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CacheWriteResult> DeleteAsync(
        CacheKey key, CacheCondition? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var change = EntryChange.Deletion(key.Name) with { Condition = condition };

        return await ChangeAsync(change, null, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CacheInvalidation> InvalidateAsync(
        CachePattern pattern, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await parts.Invalidator.RunAsync(Invalidation.OfPattern(pattern), cancellationToken)
            .ConfigureAwait(false);
        parts.Metrics.Removed("invalidate", answer.Reply);

        return new CacheInvalidation(answer.Reply, answer.IsGiven);
    }

    public async ValueTask<long?> CountAsync(CachePattern pattern, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await parts.Remover.CountAsync(pattern, cancellationToken).ConfigureAwait(false);

        return answer.IsGiven ? answer.Reply : null;
    }

    public async ValueTask<CacheInvalidation> InvalidateTagAsync(
        string tag, CancellationToken cancellationToken = default)
    {
        CacheKey.CheckTag(tag);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await parts.Invalidator.RunAsync(Invalidation.OfTag(tag), CancellationToken.None).AsTask()
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return new CacheInvalidation(0, answer.IsGiven);
    }

    public async ValueTask<long?> RemoveStaleAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await parts.Sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        parts.Metrics.Removed("sweep", answer.Reply);

        return answer.IsGiven ? answer.Reply : null;
    }

    private bool TryGetLocal<T>(CacheKey<T> key, [NotNullWhen(true)] out CacheEntry<T>? copy)
    {
        parts.EnsureListening();
        if (!parts.Local.TryGet(key.Name, out copy))
        {
            return false;
        }

        parts.Metrics.Hit(HitLevel.Local);
        return true;
    }

    // The change goes on when the caller stops waiting: other callers may rely on the invalidation.
    private async ValueTask<CacheWriteResult> ChangeAsync(
        EntryChange change, CacheETag? etag, CancellationToken cancellationToken)
    {
        var answer = await parts.Invalidator.ChangeAsync(parts.Filling.Entries, change).AsTask()
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return answer switch
        {
            { IsGiven: false } => new CacheWriteResult(CacheWriteStatus.Bypassed, null),
            { Reply.IsDone: true } => new CacheWriteResult(CacheWriteStatus.Done, etag),
            _ => new CacheWriteResult(CacheWriteStatus.PreconditionFailed, answer.Reply.Current),
        };
    }
}
