using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Locks;

/// <summary>A lock that is held, and renewed while it is held.</summary>
internal sealed class RedisLock : CacheLock
{
    // Three renewals in a lifetime: two of them may fail. The last tenth is left for the work under the lock to stop.
    private const int RenewalsPerLifetime = 3;
    private const int AttemptsPerLifetime = 20;
    private const double UsableShare = 0.9;

    private readonly LockServices services;
    private readonly CacheLockOptions options;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource released = new();
    private readonly Task renewing;
    private long confirmedAt;
    private int isDisposed;

    public RedisLock(
        string key, string owner, long fencingToken, long askedAt, CacheLockOptions options, LockServices services)
    {
        Key = key;
        Owner = owner;
        FencingToken = fencingToken;
        this.options = options;
        this.services = services;

        // The moment before the call to Redis: the lifetime in Redis begins later.
        confirmedAt = askedAt;
        lost = new CancellationTokenSource(Left(), services.Time);
        lost.Token.Register(static metrics => ((CacheMetrics)metrics!).LockLost(), services.Metrics);
        renewing = options.IsRenewed ? RenewAsync() : Task.CompletedTask;
    }

    public override string Key { get; }

    public override string Owner { get; }

    public override long FencingToken { get; }

    public override CancellationToken Lost => lost.Token;

    public override bool IsHeld =>
        Volatile.Read(ref isDisposed) == 0 && !lost.IsCancellationRequested && Left() > TimeSpan.Zero;

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
        {
            return;
        }

        await released.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(false);
        lost.CancelAfter(Timeout.InfiniteTimeSpan);
        await services.Store.ReleaseAsync(Key, Owner, CancellationToken.None).ConfigureAwait(false);
        released.Dispose();
    }

    private TimeSpan Left()
    {
        var elapsed = services.Time.GetElapsedTime(Interlocked.Read(ref confirmedAt));
        var left = (options.TimeToLive * UsableShare) - elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RenewAsync()
    {
        var pause = options.TimeToLive / RenewalsPerLifetime;
        try
        {
            while (!lost.IsCancellationRequested)
            {
                // Nearly every lock is released before it is renewed: the usual case should cost no exception.
                await Task.Delay(pause, services.Time, released.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (released.IsCancellationRequested)
                {
                    return;
                }

                var asked = services.Time.GetTimestamp();
                var answer = await services.Store.RenewAsync(Key, Owner, options.TimeToLive, released.Token)
                    .ConfigureAwait(false);
                pause = options.TimeToLive / (answer.IsGiven ? RenewalsPerLifetime : AttemptsPerLifetime);
                Settle(answer.IsGiven ? answer.Reply : null, asked);
            }
        }
        catch (OperationCanceledException) when (released.IsCancellationRequested)
        {
            // The lock is released.
        }
    }

    private void Settle(bool? isOwned, long asked)
    {
        if (isOwned == false)
        {
            lost.Cancel();
        }
        else if (isOwned == true)
        {
            Interlocked.Exchange(ref confirmedAt, asked);
            lost.CancelAfter(Left());
        }
    }
}

/// <summary>What a lock needs while it is held.</summary>
internal sealed record LockServices(LockStore Store, CacheMetrics Metrics, TimeProvider Time);
