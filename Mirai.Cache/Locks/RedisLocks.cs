using Mirai.Cache.Degradation;
using Mirai.Cache.Store;

namespace Mirai.Cache.Locks;

/// <summary>Takes locks.</summary>
internal sealed class RedisLocks(
    IRedisCaller redis, LockStore store, LockKeeping keeping, Availability availability) : ICacheLocks
{
    // Between two attempts that Redis did not answer; a few of them, and it counts as away.
    private static readonly TimeSpan PauseUnanswered = TimeSpan.FromMilliseconds(50);

    private readonly LocalTurns turns = new();

    public async ValueTask<CacheLock?> AcquireAsync(
        string key, CacheLockOptions? options = null, CancellationToken cancellationToken = default)
    {
        KeyName.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        options ??= CacheLockOptions.Default;
        var began = keeping.Time.GetTimestamp();
        var taken = options.WaitTimeout == TimeSpan.Zero
            ? await TryOnceAsync(key, options, cancellationToken).ConfigureAwait(false)
            : await WaitAsync(key, options, cancellationToken).ConfigureAwait(false);
        keeping.Metrics.LockWaited(keeping.Time.GetElapsedTime(began), taken is not null);

        return taken;
    }

    /// <summary>For those who have something better to do between two attempts than to wait.</summary>
    public LockAttempts BeginAttempts(string key, CacheLockOptions options) =>
        new(key, options, store, new ReleaseListener(redis, key), keeping);

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
        using var timeout = new CancellationTokenSource(options.WaitTimeout, keeping.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var attempts = BeginAttempts(key, options);
        try
        {
            using var turn = await turns.EnterAsync(key, either.Token).ConfigureAwait(false);
            while (true)
            {
                // The caller's own token: an attempt that is under way when the time is up may still succeed.
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
