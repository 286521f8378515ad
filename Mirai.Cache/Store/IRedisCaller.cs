using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Makes calls to Redis that end in an answer within the time-out, whatever happens.</summary>
internal interface IRedisCaller
{
    /// <summary>Makes one call.</summary>
    /// <param name="operation">Its name in metrics.</param>
    /// <param name="state">What <paramref name="call"/> needs.</param>
    /// <param name="call">The call; a static function.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<Answer<T>> AskAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken);
}
