using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>What an exception of the Redis client means for the cache.</summary>
internal static class RedisFaults
{
    // A server that replies with one of these lets no client delete anything, which is as bad as an outage. A full
    // memory is not in the list: reads and deletions still work.
    private static readonly HashSet<RedisErrorKind> OutageErrors =
    [
        RedisErrorKind.Loading, RedisErrorKind.ReadOnly, RedisErrorKind.MasterDown, RedisErrorKind.ClusterDown,
        RedisErrorKind.TryAgain, RedisErrorKind.Busy, RedisErrorKind.NoReplicas, RedisErrorKind.MaxClients,
        RedisErrorKind.Misconfigured, RedisErrorKind.NoAuth, RedisErrorKind.WrongPass,
    ];

    /// <summary>Whether the exception means that Redis is away, as far as one call can tell.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        RedisServerException server => OutageErrors.Contains(server.Kind),
        RedisConnectionException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Finds the answer for a failed call.</summary>
    /// <returns><see langword="false"/> when the exception does not come from Redis or its client, but from Mirai or
    /// the caller.</returns>
    public static bool TryInterpret(Exception exception, out AnswerKind kind)
    {
        kind = IsAway(exception) || exception is ObjectDisposedException or BrokenCircuitException
            ? AnswerKind.Lost
            : AnswerKind.Refused;

        return kind == AnswerKind.Lost || exception is RedisException or RedisCommandException;
    }

    /// <summary>The name of the failure in metrics.</summary>
    public static string NameOf(Exception exception) => exception switch
    {
        RedisServerException server => server.Kind.ToString(),
        TimeoutException => "Timeout",
        RedisConnectionException connection => connection.FailureType.ToString(),
        _ => exception.GetType().Name,
    };
}
