using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>What an exception of the Redis client says about Redis and about the command.</summary>
internal static class RedisFaults
{
    private const string FullPrefix = "Redis is full: its memory is at maxmemory and it may not evict";

    /// <summary>Redis is away, starting, failing over or busy: the same command can succeed later.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => false,
        RedisConnectionException or TimeoutException => true,
        RedisServerException server => IsTransient(server.Kind),
        _ => false,
    };

    /// <summary>Redis serves nobody on this connection: it is away, or it refuses every command, for instance because
    /// the password is wrong or because it cannot save. A full memory is not among these faults: reads and deletions
    /// still work.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        RedisServerException server => IsTransient(server.Kind)
            || server.Kind is RedisErrorKind.Misconfigured or RedisErrorKind.NoAuth or RedisErrorKind.WrongPass,
        RedisConnectionException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Redis refused to store more: its memory is at <c>maxmemory</c> and it may not evict. The command did
    /// nothing.</summary>
    public static bool IsFull(Exception exception) =>
        exception is RedisServerException { Kind: RedisErrorKind.OutOfMemory };

    /// <summary>Says in plain words that Redis is full; every other exception stays as it is.</summary>
    /// <param name="exception">What the Redis client threw.</param>
    /// <param name="what">What was not stored, as the end of a sentence.</param>
    public static Exception ExplainFull(Exception exception, string what) =>
        exception is RedisServerException { Kind: RedisErrorKind.OutOfMemory } full
            && !full.Message.StartsWith(FullPrefix, StringComparison.Ordinal)
            ? new RedisServerException(
                full.Kind,
                full.Flags,
                $"{FullPrefix}, so that {what} cannot be stored. Let workers empty the queues, delete tasks, or raise " +
                $"maxmemory. Redis says: {full.Message.Trim()}")
            : exception;

    /// <summary>The fault comes from Redis or from the way to Redis, and not from Mirai's own code.</summary>
    public static bool IsRedis(Exception exception) => exception is RedisException or TimeoutException;

    /// <summary>Redis may have run the command although no reply arrived.</summary>
    public static bool MayHaveRun(Exception exception) => exception switch
    {
        RedisConnectionException connection => WasSent(connection.CommandStatus),
        RedisTimeoutException timeout => WasSent(timeout.Commandstatus),
        TimeoutException => true,
        _ => false,
    };

    /// <summary>Redis serves reads and refuses writes.</summary>
    public static bool RefusesWrites(Exception exception) => exception is RedisServerException
    {
        Kind: RedisErrorKind.Misconfigured or RedisErrorKind.ReadOnly or RedisErrorKind.NoReplicas,
    };

    /// <summary>What is wrong, in one sentence that names no host: for health checks.</summary>
    public static string Summary(Exception exception) => exception switch
    {
        _ when IsRefusedLogin(exception) => "Redis refuses the user or the password.",
        _ when Find<AuthenticationException>(exception) is not null => "The TLS handshake with Redis failed.",
        RedisServerException { Kind: RedisErrorKind.Misconfigured } => "Redis refuses writes, because it cannot save.",
        RedisServerException { Kind: RedisErrorKind.Loading } => "Redis is loading its data.",
        RedisServerException { Kind: var kind } => $"Redis refuses commands ({kind}).",
        _ => "Redis does not answer.",
    };

    /// <summary>What happened and what to check, for the log.</summary>
    public static string Explain(Exception exception) => exception switch
    {
        _ when IsRefusedLogin(exception) =>
            $"it refuses the user or the password ({Text(exception)}). Check the address of Redis and the users of Redis",
        _ when Find<AuthenticationException>(exception) is { } tls =>
            $"the TLS handshake failed ({Text(tls)}). Check that the port speaks TLS, and that this host trusts the " +
            "certificate of Redis",
        _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.OperationAborted } =>
            "a connection was opened, but not answered in time. Check that the port speaks TLS if the address begins " +
            "with rediss://, and only then, and that Redis is not busy",
        RedisServerException { Kind: RedisErrorKind.Misconfigured } =>
            $"it refuses writes ({Text(exception)}). Check the disk of Redis",
        RedisServerException { Kind: RedisErrorKind.Loading } => $"it is loading its data ({Text(exception)})",
        RedisServerException => $"it refuses commands ({Text(exception)})",
        _ => $"it does not answer ({Text(exception)}). Check that Redis runs and that this host reaches it",
    };

    private static bool IsRefusedLogin(Exception? exception) => exception switch
    {
        null => false,
        RedisServerException { Kind: RedisErrorKind.NoAuth or RedisErrorKind.WrongPass } => true,
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            exception.InnerException is not AuthenticationException,
        _ => IsRefusedLogin(exception.InnerException),
    };

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception as T ?? (exception is null ? null : Find<T>(exception.InnerException));

    // The client library appends figures of its thread pool, which say nothing about the cause.
    private static string Text(Exception exception) =>
        exception.Message.Split(", mc: ")[0].Split(", v: ")[0].Trim().TrimEnd('.');

    /// <summary>A short name for metrics; there are few different ones.</summary>
    public static string NameOf(Exception exception) => exception switch
    {
        RedisServerException server => server.Kind.ToString(),
        TimeoutException => "Timeout",
        RedisConnectionException connection => connection.FailureType.ToString(),
        _ => exception.GetType().Name,
    };

    private static bool IsTransient(RedisErrorKind kind) => kind is RedisErrorKind.Loading or RedisErrorKind.ReadOnly
        or RedisErrorKind.MasterDown or RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain or RedisErrorKind.Busy
        or RedisErrorKind.NoReplicas or RedisErrorKind.MaxClients;

    private static bool WasSent(CommandStatus status) =>
        status is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog);
}
