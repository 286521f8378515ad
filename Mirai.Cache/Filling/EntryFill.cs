using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Filling;

/// <summary>Runs one flight: reads, and where that misses, makes the entry and stores it.</summary>
internal sealed partial class EntryFill<T>(
    FillParts parts, Flight<T> flight, CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory,
    CacheEntryOptions options)
{
    // The entry to fall back on, as long as the caller's options allow it.
    private CacheEntry<T>? spare;

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
            using var impatience = StartSoftTimeout();
            await MakeAsync(missed).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Settle(exception);
        }
        finally
        {
            parts.Flights.End(flight);
        }
    }

    // null when everybody has an answer.
    private async ValueTask<Found<T>?> ReadAsync()
    {
        if (!options.ReadsRedis)
        {
            return Found<T>.Nothing(MissReason.Absent);
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

    private void ConsiderStale(in Found<T> found)
    {
        if (found is not { Stale: { } stale, FreshUntil: { } end })
        {
            return;
        }

        var age = parts.Time.GetUtcNow() - end;
        spare = age < options.StaleIfError ? stale : null;
        if (age < options.StaleWhileRevalidate)
        {
            Serve(stale, StaleReason.Revalidating);
        }
    }

    private ITimer? StartSoftTimeout() => spare is null || options.FactorySoftTimeout is not { } patience
        ? null
        : parts.Time.CreateTimer(
            static fill => ((EntryFill<T>)fill!).Serve(((EntryFill<T>)fill).spare!, StaleReason.Slow), this, patience,
            Timeout.InfiniteTimeSpan);

    private async Task MakeAsync(Found<T> missed)
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
            // Who comes from now on reads for himself, and need not hear how the lock is given back.
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

    // Nobody is left without an answer, and no failure without a trace.
    private void Settle(Exception exception)
    {
        var isNobodys = exception is OperationCanceledException && flight.Abandoned.IsCancellationRequested;
        if (isNobodys || (spare is null && !IsInBackground))
        {
            flight.Fail(exception);
            return;
        }

        LogFailed(parts.Logger, key.Name, exception);
        if (spare is not null)
        {
            Serve(spare, StaleReason.Error);
        }
    }
}
