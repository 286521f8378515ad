using StackExchange.Redis;

namespace Mirai.Queue.Hosting;

/// <summary>Reads the addresses of Redis that Asynq reads (docs/wire.md, "URI parsing"), and a bare <c>host:port</c>.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>redis://[:password@]host[:port][/db]</c>, and <c>rediss://</c> for TLS. As in Asynq a user name is ignored, and
/// a slash without a database number is an error.</item>
/// <item><c>redis-socket://[:password@]/path[?db=n]</c> for a Unix socket.</item>
/// <item><c>redis-sentinel://[:password@]host1[:port],host2[:port][/db]?master=name</c>; the password is the
/// sentinels'.</item>
/// </list>
/// Messages of errors never repeat the address: it may hold a password.
/// </remarks>
public static class RedisUrl
{
    /// <summary>Reads an address.</summary>
    /// <param name="url">The address.</param>
    /// <returns>Options for a connection that survives Redis being away: it fails calls at once instead of queueing them, and
    /// reconnects by itself.</returns>
    /// <exception cref="FormatException">The address cannot be read; the message says which part.</exception>
    public static ConfigurationOptions Parse(string url) => RedisAddress.Parse(url);
}
