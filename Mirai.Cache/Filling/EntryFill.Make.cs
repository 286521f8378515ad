using System.Globalization;
using Microsoft.Extensions.Logging;
using Mirai.Cache.Entries;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

internal sealed partial class EntryFill<T>
{
    /// <summary>Makes the entry for this process alone.</summary>
    private async Task FillLocallyAsync()
    {
        var ticket = parts.Local.Ticket(key.Name);
        var made = Encode(await CallFactoryAsync().ConfigureAwait(false), tags: []);
        if (!flight.IsOutdated)
        {
            parts.KeepCopy(ticket, key, made.Entry, made.Encoded.Bytes.Length, made.FreshUntil, options.Tags, options);
        }

        flight.Answer(made.Entry);
    }

    /// <summary>Makes the entry, and stores it if nothing happened to the key meanwhile.</summary>
    private async Task FillAsync()
    {
        // Before anything is read that the entry is made of: what is invalidated from here on is not stored.
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
        var made = Encode(await CallFactoryAsync().ConfigureAwait(false), tags ?? []);
        if (tags is not null && await StoreAsync(made, new Fill(token, begun.Seen)).ConfigureAwait(false))
        {
            parts.KeepCopy(ticket, key, made.Entry, made.Encoded.Bytes.Length, made.FreshUntil, options.Tags, options);
        }

        flight.Answer(made.Entry);
    }

    // null when Redis did not say: an entry that its tags cannot invalidate must not be stored.
    private async ValueTask<TagMark[]?> JoinTagsAsync()
    {
        var joined = await parts.Tags.JoinAsync(options.Tags, flight.Abandoned).ConfigureAwait(false);
        return joined.IsGiven ? joined.Reply : null;
    }

    private async ValueTask<T> CallFactoryAsync()
    {
        var began = parts.Time.GetTimestamp();
        var failed = true;
        using var tooLong = new CancellationTokenSource(options.FactoryHardTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, flight.Abandoned);
        try
        {
            // The token ends the wait as well: a factory may pay no heed to it.
            var value = await factory(either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            failed = false;
            return value;
        }
        catch (OperationCanceledException exception)
            when (tooLong.IsCancellationRequested && !flight.Abandoned.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The factory of {key.Name} took longer than {options.FactoryHardTimeout}.", exception);
        }
        finally
        {
            parts.Metrics.Factory(parts.Time.GetElapsedTime(began), failed);
        }
    }

    private Made<T> Encode(T value, TagMark[] tags)
    {
        var now = parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var jitter = (options.Jitter ?? parts.Options.Jitter) * Random.Shared.NextDouble();
        var fresh = (options.TimeToLive ?? parts.Options.TimeToLive) * (1 - jitter);
        var freshUntil = now + (long)Math.Ceiling(fresh.TotalMilliseconds);
        var lifetime = fresh + options.StaleWindow;
        var encoded = EntryWriter.Write(
            value, parts.Serializer.TypeOf<T>(), now, options.StaleWindow > TimeSpan.Zero ? freshUntil : null, tags);

        return new Made<T>(
            new CacheEntry<T>(value, encoded.ETag, DateTimeOffset.FromUnixTimeMilliseconds(now)),
            encoded,
            DateTimeOffset.FromUnixTimeMilliseconds(freshUntil),
            lifetime < CacheEntryOptions.LongestLife ? lifetime : CacheEntryOptions.LongestLife);
    }

    private async ValueTask<bool> StoreAsync(Made<T> made, Fill fill)
    {
        if (!options.WritesRedis || flight.IsOutdated)
        {
            return false;
        }

        // Not told to others: where an entry was missing, nobody keeps a copy of it.
        var change = new EntryChange(key.Name, made.Encoded, made.TimeToLive) { Fill = fill, IsTold = false };
        var answer = await parts.Entries.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false);

        return answer.Reply.IsDone;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Making {Key} failed; callers have an older entry")]
    private static partial void LogFailed(ILogger logger, string key, Exception exception);
}
