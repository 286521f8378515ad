using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Degradation;

/// <summary>Asks Redis although it is thought to be away: to find out, to make up for what it missed, and to keep a
/// lock that would be lost otherwise.</summary>
internal sealed class DirectRedis(TimedRedis redis) : IRedisCaller
{
    public async ValueTask<Answer<T>> AskAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return Answer<T>.Given(await redis.CallAsync(state, call, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (RedisFaults.TryInterpret(exception, out var kind))
        {
            return new Answer<T>(kind, default);
        }
    }
}
