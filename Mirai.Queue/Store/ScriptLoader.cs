using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>Gives Redis all scripts before they are needed. One that it forgets, or that a new server does not have,
/// is loaded when it is called.</summary>
internal sealed class ScriptLoader(RedisConnection connection)
{
    /// <returns><see langword="false"/> when a server does not take scripts beforehand, but only with a
    /// call.</returns>
    /// <exception cref="RedisException">No server is there, or one did not answer.</exception>
    public async Task<bool> LoadAsync()
    {
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);
        var primaries = Array.FindAll(
            multiplexer.GetServers(), server => server is { IsConnected: true, IsReplica: false });
        if (primaries.Length == 0)
        {
            throw new RedisException("No Redis server takes scripts.");
        }

        var loaded = true;
        foreach (var server in primaries)
        {
            try
            {
                await Task.WhenAll(LuaScripts.All.Select(script => server.ScriptLoadAsync(script.Text)))
                    .ConfigureAwait(false);
            }
            catch (Exception refusal) when (IsForbidden(refusal))
            {
                loaded = false;
            }
        }

        return loaded;
    }

    // A user who may only run scripts, a server or a connection without this command.
    private static bool IsForbidden(Exception exception) => exception is RedisCommandException
        || (exception is RedisServerException { Message: var message }
            && (message.StartsWith("NOPERM", StringComparison.Ordinal)
                || message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)));
}
