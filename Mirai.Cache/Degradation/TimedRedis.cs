using StackExchange.Redis;

namespace Mirai.Cache.Degradation;

/// <summary>Calls to Redis that end within the time-out, the first connection included.</summary>
internal sealed class TimedRedis(RedisConnection connection, TimeSpan timeout, TimeProvider time)
{
    /// <exception cref="TimeoutException">Redis did not answer; the call may have happened, or may still
    /// happen.</exception>
    public async Task<T> CallAsync<TState, T>(
        TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var opened = connection.GetDatabaseAsync();
        var database = opened.IsCompletedSuccessfully
            ? opened.Result
            : await Within(opened.AsTask(), timeout, cancellationToken).ConfigureAwait(false);

        var left = timeout - time.GetElapsedTime(started);
        return await Within(call(database, state), left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<T> Within<T>(Task<T> call, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!call.IsCompleted)
            {
                // The client cannot take back what it has sent: nobody may be left to see how it fails.
                _ = call.ContinueWith(
                    static abandoned => abandoned.Exception, CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }
}
