using System.Globalization;
using Microsoft.Extensions.Logging;
using Mirai.Cache.Entries;
using Mirai.Cache.Local;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

internal sealed partial class EntryFill<T>
{
    /// <summary>Makes the entry for this process alone, without Redis.</summary>
    private async Task FillLocallyAsync()
    {
        var ticket = parts.Local.Ticket(key.Name);
        var result = Encode(await CallFactoryAsync().ConfigureAwait(false), tags: []);
        if (!flight.IsOutdated)
        {
            KeepCopy(ticket, result);
        }

        flight.Answer(result.Entry);
    }

    /// <summary>Makes the entry, and stores it unless the key was changed meanwhile.</summary>
    private async Task FillAsync()
    {
        // Before the factory reads its data: an invalidation from here on ends the right to store them.
        var ticket = parts.Local.Ticket(key.Name);
        var token = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        var begun = await parts.Reads.BeginFillAsync(key, token, options, flight.Abandoned).ConfigureAwait(false);
        if (begun.Fresh is not null && options.ReadsRedis)
        {
            parts.KeepCopy(ticket, key, begun, options);
            flight.Answer(begun.Fresh);
            return;
        }

        if (!begun.IsKnown)
        {
            await FillLocallyAsync().ConfigureAwait(false);
            return;
        }

        var tags = await JoinTagsAsync().ConfigureAwait(false);
        var result = Encode(await CallFactoryAsync().ConfigureAwait(false), tags ?? []);
        if (tags is not null && await StoreAsync(result, new FillRight(token, begun.Seen)).ConfigureAwait(false))
        {
            KeepCopy(ticket, result);
        }

        flight.Answer(result.Entry);
    }

    private void KeepCopy(LocalTicket ticket, FillResult<T> result) => parts.KeepCopy(
        ticket, key, result.Entry, result.Encoded.Bytes.Length, result.FreshUntil, options.Tags, options);

    // null when Redis did not answer: an entry that its tags cannot invalidate must not be stored.
    private async ValueTask<TagMark[]?> JoinTagsAsync()
    {
        var joined = await parts.Tags.JoinAsync(options.Tags, flight.Abandoned).ConfigureAwait(false);
        return joined.IsGiven ? joined.Reply : null;
    }

    private async ValueTask<T> CallFactoryAsync()
    {
        var began = parts.Time.GetTimestamp();
        var failed = true;
        using var timeout = new CancellationTokenSource(options.FactoryHardTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, flight.Abandoned);
        try
        {
            // The token ends the wait as well: the factory may ignore it, and may block its thread before its first
            // await.
            var value = await Task.Run(() => factory(either.Token).AsTask(), CancellationToken.None)
                .WaitAsync(either.Token).ConfigureAwait(false);
            failed = false;
            return value;
        }
        catch (OperationCanceledException exception)
            when (timeout.IsCancellationRequested && !flight.Abandoned.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The factory of {key.Name} took longer than {options.FactoryHardTimeout}.", exception);
        }
        finally
        {
            parts.Metrics.Factory(parts.Time.GetElapsedTime(began), failed);
        }
    }

    private FillResult<T> Encode(T value, TagMark[] tags)
    {
        var now = parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var jitter = (options.Jitter ?? parts.Options.Jitter) * Random.Shared.NextDouble();
        var fresh = (options.TimeToLive ?? parts.Options.TimeToLive) * (1 - jitter);
        var freshUntil = now + (long)Math.Ceiling(fresh.TotalMilliseconds);
        var lifetime = fresh + options.StaleWindow;
        var encoded = EntryWriter.Write(
            value, parts.Serializer.TypeOf<T>(), now, options.StaleWindow > TimeSpan.Zero ? freshUntil : null, tags);

        return new FillResult<T>(
            new CacheEntry<T>(value, encoded.ETag, DateTimeOffset.FromUnixTimeMilliseconds(now)),
            encoded,
            DateTimeOffset.FromUnixTimeMilliseconds(freshUntil),
            lifetime < CacheEntryOptions.LongestLife ? lifetime : CacheEntryOptions.LongestLife);
    }

    private async ValueTask<bool> StoreAsync(FillResult<T> result, FillRight fill)
    {
        if (!options.WritesRedis || flight.IsOutdated)
        {
            return false;
        }

        // Not reported: no process keeps a copy of an entry that was missing.
        var change = new EntryChange(key.Name, result.Encoded, result.TimeToLive) { Fill = fill, IsReported = false };
        var answer = await parts.Entries.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false);

        return answer.Reply.IsDone;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The factory of cache entry {Key} failed; callers get the stale entry while their options allow it")]
    private static partial void LogFailed(ILogger logger, string key, Exception exception);
}

/// <summary>What a factory made, ready to be stored.</summary>
/// <param name="Entry">The entry for the callers.</param>
/// <param name="Encoded">The entry for Redis.</param>
/// <param name="FreshUntil">When the entry stops being fresh.</param>
/// <param name="TimeToLive">How long Redis keeps the entry: while it is fresh, and while it may be served
/// stale.</param>
internal sealed record FillResult<T>(
    CacheEntry<T> Entry, EncodedEntry Encoded, DateTimeOffset FreshUntil, TimeSpan TimeToLive);
