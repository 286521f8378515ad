using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>What an exception of the Redis client means for the cache.</summary>
internal static class RedisFaults
{
    // What a server says that lets nobody delete anything: it is as good as away. A full memory is not among them:
    // there is still reading and deleting.
    private static readonly HashSet<RedisErrorKind> NothingWorks =
    [
        RedisErrorKind.Loading, RedisErrorKind.ReadOnly, RedisErrorKind.MasterDown, RedisErrorKind.ClusterDown,
        RedisErrorKind.TryAgain, RedisErrorKind.Busy, RedisErrorKind.NoReplicas, RedisErrorKind.MaxClients,
        RedisErrorKind.Misconfigured, RedisErrorKind.NoAuth, RedisErrorKind.WrongPass,
    ];

    /// <summary>Redis is away, as far as one call can tell.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        RedisServerException server => NothingWorks.Contains(server.Kind),
        RedisConnectionException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The answer that a failed call comes to.</summary>
    /// <returns><see langword="false"/> when the exception is not Redis', but ours or the caller's.</returns>
    public static bool TryInterpret(Exception exception, out AnswerKind kind)
    {
        kind = IsAway(exception) || exception is ObjectDisposedException or BrokenCircuitException
            ? AnswerKind.Lost
            : AnswerKind.Refused;

        return kind == AnswerKind.Lost || exception is RedisException or RedisCommandException;
    }

    /// <summary>A short name for metrics.</summary>
    public static string NameOf(Exception exception) => exception switch
    {
        RedisServerException server => server.Kind.ToString(),
        TimeoutException => "Timeout",
        RedisConnectionException connection => connection.FailureType.ToString(),
        _ => exception.GetType().Name,
    };
}
