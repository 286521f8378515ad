using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>Tells faults that pass (Redis away, starting, failing over) from those that stay.</summary>
internal static class RedisFaults
{
    /// <summary>Worth trying again.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => false,
        RedisConnectionException or TimeoutException => true,
        RedisServerException server => server.Kind is RedisErrorKind.Loading or RedisErrorKind.ReadOnly
            or RedisErrorKind.MasterDown or RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain or RedisErrorKind.Busy
            or RedisErrorKind.NoReplicas or RedisErrorKind.MaxClients,
        _ => false,
    };

    /// <summary>Of Redis and not of our own making, transient or not.</summary>
    public static bool IsRedis(Exception exception) => exception is RedisException or TimeoutException;

    /// <summary>The command may have run although its reply did not come.</summary>
    public static bool MayHaveRun(Exception exception) => exception switch
    {
        RedisConnectionException connection => WasSent(connection.CommandStatus),
        RedisTimeoutException timeout => WasSent(timeout.Commandstatus),
        TimeoutException => true,
        _ => false,
    };

    private static bool WasSent(CommandStatus status) =>
        status is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog);
}
