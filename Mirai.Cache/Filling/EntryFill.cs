using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Filling;

/// <summary>Runs one flight: reads the entry, and where the read misses, makes and stores it.</summary>
internal sealed partial class EntryFill<T>(
    FillParts parts, Flight<T> flight, CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory,
    CacheEntryOptions options)
{
    // The stale entry to serve when the factory fails or is slow, where the options allow it.
    private CacheEntry<T>? fallback;

    private bool IsInBackground => flight.Entry.IsCompleted;

    public async Task RunAsync()
    {
        try
        {
            if (await ReadAsync().ConfigureAwait(false) is not { } missed)
            {
                return;
            }

            ConsiderStale(missed);
            using var softTimeout = StartSoftTimeout();
            await MakeAsync(missed).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HandleFailure(exception);
        }
        finally
        {
            parts.Flights.End(flight);
        }
    }

    // null when the callers have their answer.
    private async ValueTask<CacheLookup<T>?> ReadAsync()
    {
        if (!options.ReadsRedis)
        {
            return CacheLookup<T>.Miss(MissReason.Absent);
        }

        var ticket = parts.Local.Ticket(key.Name);
        var found = await parts.Reads.ReadAsync(key, flight.Abandoned).ConfigureAwait(false);
        if (found.Fresh is null)
        {
            parts.Metrics.Miss(found.Reason);
            return found;
        }

        parts.Metrics.Hit(HitLevel.Redis);
        parts.KeepCopy(ticket, key, found, options);
        flight.Answer(found.Fresh);
        return null;
    }

    private void ConsiderStale(in CacheLookup<T> found)
    {
        if (found is not { Stale: { } stale, FreshUntil: { } end })
        {
            return;
        }

        var age = parts.Time.GetUtcNow() - end;
        fallback = age < options.StaleIfError ? stale : null;
        if (age < options.StaleWhileRevalidate)
        {
            Serve(stale, StaleReason.Revalidating);
        }
    }

    private ITimer? StartSoftTimeout() => fallback is null || options.FactorySoftTimeout is not { } timeout
        ? null
        : parts.Time.CreateTimer(
            static fill => ((EntryFill<T>)fill!).Serve(((EntryFill<T>)fill).fallback!, StaleReason.Slow),
            this,
            timeout,
            Timeout.InfiniteTimeSpan);

    private async Task MakeAsync(CacheLookup<T> missed)
    {
        if (!missed.IsKnown || options is { ReadsRedis: false, WritesRedis: false })
        {
            await FillLocallyAsync().ConfigureAwait(false);
            return;
        }

        var (turn, isOver) = await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            if (!isOver)
            {
                await FillAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            // Later callers read for themselves, and do not wait for the release of the lock.
            parts.Flights.End(flight);
            if (turn is not null)
            {
                await turn.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void Serve(CacheEntry<T> stale, string reason)
    {
        if (flight.Answer(stale))
        {
            parts.Metrics.StaleServed(reason);
        }
    }

    // Every caller gets an answer, and every failure that no caller sees is logged.
    private void HandleFailure(Exception exception)
    {
        var isAbandoned = exception is OperationCanceledException && flight.Abandoned.IsCancellationRequested;
        if (isAbandoned || (fallback is null && !IsInBackground))
        {
            flight.Fail(exception);
            return;
        }

        LogFailed(parts.Logger, key.Name, exception);
        if (fallback is not null)
        {
            Serve(fallback, StaleReason.Error);
        }
    }
}
