using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Reads the addresses of Redis that Asynq reads (docs/wire.md, "URI parsing"), a bare <c>host:port</c>, and
/// several hosts of one Redis Cluster.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>redis://[user:password@]host[:port][/db]</c> (or <c>?db=n</c>), and <c>rediss://</c> for TLS. Several hosts with commas
/// between them are nodes of one cluster; one node is enough to find the others. Asynq ignores the user; Mirai logs in
/// as that user (ACL). As in Asynq a slash without a database number is an error.</item>
/// <item><c>redis-socket://[:password@]/path[?db=n]</c> for a Unix socket.</item>
/// <item><c>redis-sentinel://[user:password@]host1[:port],host2[:port][/db]?master=name</c>: user and password are the
/// sentinels'; those of the Redis behind them are the parameters <c>user</c> and <c>password</c>.</item>
/// </list>
/// Any other query parameter is an error. Messages of errors never repeat the address: it may hold a password.
/// </remarks>
public static class RedisUrl
{
    /// <summary>Reads an address.</summary>
    /// <param name="url">The address.</param>
    /// <returns>Options for a connection that survives Redis being away: it fails calls at once instead of queueing
    /// them, and reconnects by itself.</returns>
    /// <exception cref="FormatException">The address cannot be read; the message says which part.</exception>
    public static ConfigurationOptions Parse(string url) => RedisAddress.Parse(url);
}
