using Mirai.Queue.Store;
using Polly;
using Polly.Retry;
using StackExchange.Redis;

namespace Mirai.Queue.Client;

/// <summary>Repeats an enqueue that Redis did not answer. The first attempt may have stored the task although its
/// reply got lost, so an id that is taken now may be the task's own.</summary>
internal sealed class EnqueueRepeater(IQueueStore store, TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is { } exception && RedisFaults.IsTransient(exception)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
        })
        .Build();

    /// <summary>Tries until the tasks, all of one route, are settled or the time is over that began at
    /// <paramref name="started"/>.</summary>
    /// <exception cref="RedisConnectionException">The time is over.</exception>
    public async Task RepeatAsync(
        IReadOnlyList<NewTask> tasks, Exception cause, long started, CancellationToken cancellationToken)
    {
        var left = timeout - time.GetElapsedTime(started);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await pipeline.ExecuteAsync(
                async token => await AttemptAsync(tasks, token).ConfigureAwait(false),
                either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RedisConnectionException(
                (cause as RedisConnectionException)?.FailureType ?? ConnectionFailureType.UnableToConnect,
                CommandFlags.None,
                $"Redis did not answer within {timeout}: {cause.Message}",
                cause,
                CommandStatus.Unknown);
        }
    }

    private async Task AttemptAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var open = tasks.Where(task => task.Status == EnqueueStatus.Unknown).ToList();
        if (open.Count == 0)
        {
            return;
        }

        await store.EnqueueAsync(open[0].Route, open).WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var task in open)
        {
            if (await IsOwnAsync(task, cancellationToken).ConfigureAwait(false))
            {
                task.Settle(EnqueueStatus.Enqueued);
            }
        }
    }

    // Nobody else draws the same random id. A chosen one is this task's if the very same bytes lie under it.
    private async Task<bool> IsOwnAsync(NewTask task, CancellationToken cancellationToken) => task.Status switch
    {
        EnqueueStatus.TaskIdConflict when !task.HasOwnId => true,
        EnqueueStatus.TaskIdConflict => await store.IsStoredAsync(task)
            .WaitAsync(cancellationToken).ConfigureAwait(false),
        EnqueueStatus.Duplicate => task.LockOwner == task.Message.Id,
        _ => false,
    };
}
