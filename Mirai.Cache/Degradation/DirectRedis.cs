using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Degradation;

/// <summary>Calls Redis within the time-out, the first connection included. <see cref="RedisGate"/> guards what
/// callers wait for; directly come the calls that are made even while Redis counts as away: to find out whether it is
/// back, to deliver invalidations, and to keep a lock that would be lost otherwise.</summary>
internal sealed class DirectRedis(RedisConnection connection, TimeSpan timeout, TimeProvider time) : IRedisCaller
{
    public async ValueTask<Answer<T>> AskAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return Answer<T>.Given(await CallAsync(state, call, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out var kind))
        {
            return new Answer<T>(kind, default);
        }
    }

    /// <summary>Makes one call, and throws what the client throws.</summary>
    /// <exception cref="TimeoutException">Redis did not answer; the call may have happened, or may still
    /// happen.</exception>
    public async Task<T> CallAsync<TState, T>(
        TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var opened = connection.GetDatabaseAsync();
        var database = opened.IsCompletedSuccessfully
            ? opened.Result
            : await WaitAsync(opened.AsTask(), timeout, cancellationToken).ConfigureAwait(false);

        var left = timeout - time.GetElapsedTime(started);
        return await WaitAsync(call(database, state), left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<T> WaitAsync<T>(Task<T> call, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!call.IsCompleted)
            {
                // The client cannot take back a command that it has sent. Read the exception of the abandoned call, so
                // that it does not count as unobserved.
                _ = call.ContinueWith(
                    static abandoned => abandoned.Exception, CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }
}
