namespace Mirai.Cache.Filling;

internal sealed partial class EntryFill<T>
{
    /// <summary>Waits until it is this process' turn to make the entry, or another one has made it.</summary>
    /// <returns>The lock, if there is one; and whether there is nothing left to do.</returns>
    private async ValueTask<(CacheLock? Turn, bool IsOver)> TakeTurnAsync()
    {
        var began = parts.Time.GetTimestamp();
        var attempts = parts.Locks.BeginAttempts(key.Name, CacheLockOptions.WithoutFence);
        await using (attempts.ConfigureAwait(false))
        {
            while (true)
            {
                var attempt = await attempts.TryAsync(flight.Abandoned).ConfigureAwait(false);

                if (attempt.IsUnanswered)
                {
                    // Redis went away. Callers have waited for one time-out, and are not made to wait for more.
                    await FillLocallyAsync().ConfigureAwait(false);
                    return (null, true);
                }

                // Somebody who holds the lock longer than any factory may run is not waited for.
                var left = options.FactoryHardTimeout - parts.Time.GetElapsedTime(began);
                if (attempt.HolderLives is not { } lives || left <= TimeSpan.Zero)
                {
                    return (attempt.Taken, false);
                }

                // Callers have an answer already, and the holder makes the next: nothing to wait for.
                if (IsInBackground)
                {
                    return (null, true);
                }

                await attempts.WaitAsync(lives < left ? lives : left, flight.Abandoned).ConfigureAwait(false);
                if (await FindWhatOthersMadeAsync().ConfigureAwait(false))
                {
                    return (null, true);
                }
            }
        }
    }

    private async ValueTask<bool> FindWhatOthersMadeAsync()
    {
        if (!options.ReadsRedis)
        {
            return false;
        }

        var ticket = parts.Local.Ticket(key.Name);
        var found = await parts.Reads.ReadAsync(key, flight.Abandoned).ConfigureAwait(false);
        if (found.Fresh is null)
        {
            return false;
        }

        parts.KeepCopy(ticket, key, found, options);
        flight.Answer(found.Fresh);
        return true;
    }
}
