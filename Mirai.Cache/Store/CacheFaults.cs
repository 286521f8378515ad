using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>What an exception of the Redis client means for the cache.</summary>
internal static class CacheFaults
{
    /// <summary>Finds the answer for a failed call.</summary>
    /// <returns><see langword="false"/> when the exception does not come from Redis or its client, but from Mirai or
    /// the caller.</returns>
    public static bool TryInterpret(Exception exception, out AnswerKind kind)
    {
        kind = RedisFaults.IsAway(exception) || exception is ObjectDisposedException or BrokenCircuitException
            ? AnswerKind.Lost
            : AnswerKind.Refused;

        return kind == AnswerKind.Lost || exception is RedisException or RedisCommandException;
    }
}
