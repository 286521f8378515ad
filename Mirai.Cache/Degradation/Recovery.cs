using Mirai.Cache.Store;
using Polly;
using Polly.Retry;

namespace Mirai.Cache.Degradation;

/// <summary>Waits until Redis is back, delivers the pending invalidations, the newest last, and only then lets callers
/// through again.</summary>
internal sealed class Recovery(
    DirectRedis redis, Availability availability, CircuitBreaker breaker, InvalidationStore invalidations,
    Action forgetCopies, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource stopping = new();
    private readonly ResiliencePipeline<bool> pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<bool>
        {
            ShouldHandle = static args => ValueTask.FromResult(!args.Outcome.Result),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
        })
        .Build();

    private Task running = Task.CompletedTask;

    /// <summary>Starts the recovery; called once for each time that Redis goes away.</summary>
    public void Start()
    {
        forgetCopies();
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    /// <summary>One attempt.</summary>
    /// <returns><see langword="true"/> when callers are let through again.</returns>
    internal async ValueTask<bool> TryAsync(CancellationToken cancellationToken)
    {
        if (!await AcceptsWritesAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        do
        {
            while (availability.NextPending() is { } invalidation)
            {
                var answer = await invalidations.InvalidateAsync(invalidation, cancellationToken)
                    .ConfigureAwait(false);
                if (!answer.IsGiven)
                {
                    return false;
                }

                availability.Delivered(invalidation);
            }

            await breaker.CloseAsync(cancellationToken).ConfigureAwait(false);
            forgetCopies();
        }
        while (!availability.TryRestore());

        return true;
    }

    private async Task RunAsync()
    {
        try
        {
            await pipeline.ExecuteAsync(TryAsync, stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    // PING is not enough: a replica, or a server that cannot save, answers it but deletes nothing.
    private async ValueTask<bool> AcceptsWritesAsync(CancellationToken cancellationToken)
    {
        var answer = await redis.AskAsync(
            "recover", 0, static (database, _) => database.KeyDeleteAsync(RedisNames.WriteProbe), cancellationToken)
            .ConfigureAwait(false);

        return answer.IsGiven;
    }
}
