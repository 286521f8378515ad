using Mirai.Cache.Degradation;
using Mirai.Cache.Store;

namespace Mirai.Cache.Locks;

/// <summary>Takes locks.</summary>
internal sealed class RedisLocks(
    IRedisCaller redis, LockStore store, LockServices services, Availability availability) : ICacheLocks
{
    // The pause between two attempts that Redis did not answer; after a few of them, Redis counts as away.
    private static readonly TimeSpan PauseUnanswered = TimeSpan.FromMilliseconds(50);

    private readonly LocalTurns turns = new();

    public async ValueTask<CacheLock?> AcquireAsync(
        string key, CacheLockOptions? options = null, CancellationToken cancellationToken = default)
    {
        CacheKey.CheckName(key);
        cancellationToken.ThrowIfCancellationRequested();
        options ??= CacheLockOptions.Default;
        var began = services.Time.GetTimestamp();
        var taken = options.WaitTimeout == TimeSpan.Zero
            ? await TryOnceAsync(key, options, cancellationToken).ConfigureAwait(false)
            : await WaitAsync(key, options, cancellationToken).ConfigureAwait(false);
        services.Metrics.LockWaited(services.Time.GetElapsedTime(began), taken is not null);

        return taken;
    }

    /// <summary>Begins attempts, for a caller that has other work to do between two of them.</summary>
    public LockAttempts BeginAttempts(string key, CacheLockOptions options) =>
        new(key, options, store, new ReleaseListener(redis, key), services);

    private async ValueTask<CacheLock?> TryOnceAsync(
        string key, CacheLockOptions options, CancellationToken cancellationToken)
    {
        var attempts = BeginAttempts(key, options);
        await using (attempts.ConfigureAwait(false))
        {
            return (await attempts.TryAsync(cancellationToken).ConfigureAwait(false)).Taken;
        }
    }

    private async ValueTask<CacheLock?> WaitAsync(
        string key, CacheLockOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.WaitTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var attempts = BeginAttempts(key, options);
        try
        {
            using var turn = await turns.EnterAsync(key, either.Token).ConfigureAwait(false);
            while (true)
            {
                // Only the caller's token: an attempt that runs when the wait time ends may still succeed.
                var attempt = await attempts.TryAsync(cancellationToken).ConfigureAwait(false);
                if (attempt.Taken is not null || attempt.IsRefused || (attempt.IsUnanswered && !availability.IsOpen))
                {
                    return attempt.Taken;
                }

                await attempts.WaitAsync(attempt.HolderLives ?? PauseUnanswered, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await attempts.DisposeAsync().ConfigureAwait(false);
        }
    }
}
