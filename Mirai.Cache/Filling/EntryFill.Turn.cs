namespace Mirai.Cache.Filling;

internal sealed partial class EntryFill<T>
{
    /// <summary>Waits until this process holds the lock for making the entry, or until another process has made the
    /// entry.</summary>
    /// <returns>The lock, if it could be taken; and whether the callers need nothing more.</returns>
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
                    // Redis went away. The callers have waited for one time-out already; make the entry without Redis.
                    await FillLocallyAsync().ConfigureAwait(false);
                    return (null, true);
                }

                // Do not wait for a holder longer than a factory may run.
                var left = options.FactoryHardTimeout - parts.Time.GetElapsedTime(began);
                if (attempt.HolderLives is not { } lives || left <= TimeSpan.Zero)
                {
                    return (attempt.Taken, false);
                }

                // The callers have an answer already, and the holder makes the next entry.
                if (IsInBackground)
                {
                    return (null, true);
                }

                await attempts.WaitAsync(lives < left ? lives : left, flight.Abandoned).ConfigureAwait(false);
                if (await TryReadAsync().ConfigureAwait(false))
                {
                    return (null, true);
                }
            }
        }
    }

    private async ValueTask<bool> TryReadAsync()
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
