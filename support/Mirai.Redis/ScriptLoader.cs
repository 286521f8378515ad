using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>Loads scripts into Redis before their first call. A script that Redis forgets, or that a new server does
/// not have, is loaded when it is called.</summary>
/// <param name="connection">The connection to Redis.</param>
/// <param name="scripts">The scripts.</param>
internal sealed class ScriptLoader(RedisConnection connection, IReadOnlyList<RedisScript> scripts)
{
    /// <summary>Loads all scripts into every primary that is connected.</summary>
    /// <returns><see langword="false"/> when a server refuses SCRIPT LOAD; its scripts are loaded when they are
    /// called.</returns>
    /// <exception cref="RedisException">No primary is connected, or a server did not answer.</exception>
    public async Task<bool> LoadAsync()
    {
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);
        var primaries = Array.FindAll(
            multiplexer.GetServers(), server => server is { IsConnected: true, IsReplica: false });
        if (primaries.Length == 0)
        {
            throw new RedisException("The scripts cannot be loaded: no primary of Redis is connected.");
        }

        var loaded = true;
        foreach (var server in primaries)
        {
            try
            {
                await Task.WhenAll(scripts.Select(script => server.ScriptLoadAsync(script.Text)))
                    .ConfigureAwait(false);
            }
            catch (Exception refusal) when (IsForbidden(refusal))
            {
                loaded = false;
            }
        }

        return loaded;
    }

    // A user who may only run scripts, or a server or a connection without SCRIPT LOAD.
    private static bool IsForbidden(Exception exception) => exception is RedisCommandException
        || (exception is RedisServerException { Message: var message }
            && (message.StartsWith("NOPERM", StringComparison.Ordinal)
                || message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)));
}
