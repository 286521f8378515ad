using Mirai.Queue.Store;
using Polly;
using Polly.Retry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Repeats what a loop of the server wants from Redis until Redis answers: that Redis is away is
/// normal.</summary>
internal sealed class RedisRetry(RedisHealth health, TimeProvider time)
{
    private static readonly BackOff BackOff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is { } exception && RedisFaults.IsTransient(exception)),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(BackOff.Pause(args.AttemptNumber)),
            OnRetry = args =>
            {
                health.Failed(args.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>Runs <paramref name="action"/> until it succeeds or fails with something that repeating does not
    /// mend.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await pipeline.ExecuteAsync(
            static async (run, token) => await run(token).ConfigureAwait(false), action, cancellationToken)
            .ConfigureAwait(false);
        health.Succeeded();
    }
}
