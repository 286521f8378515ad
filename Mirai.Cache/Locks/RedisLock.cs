using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Locks;

/// <summary>A lock that is held, and renewed while it is.</summary>
internal sealed class RedisLock : CacheLock
{
    // Renewed three times in a lifetime, so two attempts may fail. The last tenth is for those who have to stop.
    private const int RenewalsPerLifetime = 3;
    private const int AttemptsPerLifetime = 20;
    private const double UsableShare = 0.9;

    private readonly LockKeeping keeping;
    private readonly CacheLockOptions options;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource released = new();
    private readonly Task renewing;
    private long confirmedAt;
    private int isDisposed;

    public RedisLock(
        string key, string owner, long fencingToken, long askedAt, CacheLockOptions options, LockKeeping keeping)
    {
        Key = key;
        Owner = owner;
        FencingToken = fencingToken;
        this.options = options;
        this.keeping = keeping;

        // From the moment before Redis was asked: Redis counts from a later one.
        confirmedAt = askedAt;
        lost = new CancellationTokenSource(Left(), keeping.Time);
        lost.Token.Register(static metrics => ((CacheMetrics)metrics!).LockLost(), keeping.Metrics);
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
        await keeping.Store.ReleaseAsync(Key, Owner, CancellationToken.None).ConfigureAwait(false);
        released.Dispose();
    }

    private TimeSpan Left()
    {
        var left = (options.TimeToLive * UsableShare) - keeping.Time.GetElapsedTime(Interlocked.Read(ref confirmedAt));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RenewAsync()
    {
        var pause = options.TimeToLive / RenewalsPerLifetime;
        try
        {
            while (!lost.IsCancellationRequested)
            {
                // Nearly every lock is given back before it is renewed: no exception for what is the rule.
                await Task.Delay(pause, keeping.Time, released.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (released.IsCancellationRequested)
                {
                    return;
                }

                var asked = keeping.Time.GetTimestamp();
                var answer = await keeping.Store.RenewAsync(Key, Owner, options.TimeToLive, released.Token)
                    .ConfigureAwait(false);
                pause = options.TimeToLive / (answer.IsGiven ? RenewalsPerLifetime : AttemptsPerLifetime);
                Settle(answer.IsGiven ? answer.Reply : null, asked);
            }
        }
        catch (OperationCanceledException) when (released.IsCancellationRequested)
        {
            // Given back.
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
