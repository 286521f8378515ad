using Mirai.Queue.Scripts;
using StackExchange.Redis;

namespace Mirai.Queue.Broker;

/// <summary>Gives Redis all scripts before they are needed. One that it forgets, or that a new server does not have, is loaded
/// when it is called.</summary>
internal sealed class ScriptLoader(RedisConnection connection)
{
    public async Task LoadAsync()
    {
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);
        var primaries = Array.FindAll(
            multiplexer.GetServers(), server => server is { IsConnected: true, IsReplica: false });
        if (primaries.Length == 0)
        {
            throw new RedisException("No Redis server takes scripts.");
        }

        foreach (var server in primaries)
        {
            try
            {
                await Task.WhenAll(LuaScripts.All.Select(script => server.ScriptLoadAsync(script.Text)))
                    .ConfigureAwait(false);
            }
            catch (RedisServerException refusal) when (refusal.Message.StartsWith("NOPERM", StringComparison.Ordinal))
            {
                // A user who may only run scripts: then they come with the first call.
            }
        }
    }
}
