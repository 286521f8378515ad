using StackExchange.Redis;

namespace Mirai.Queue.Scripts;

/// <summary>A Lua script: sent by its digest, and loaded where a server does not know it (yet, or any more), which
/// StackExchange.Redis sees to.</summary>
/// <param name="name">The file it comes from, for error messages.</param>
/// <param name="text">The source.</param>
internal sealed class RedisScript(string name, string text)
{
    public string Name { get; } = name;

    public string Text { get; } = text;

    /// <summary>Runs the script. Dispose the reply: it is a rented buffer.</summary>
    public Task<RespResult> RunAsync(
        IDatabaseAsync database, ReadOnlyMemory<RedisKey> keys, ReadOnlyMemory<RedisValue> arguments) =>
        database.ScriptEvaluateRespAsync(Text, keys, arguments);
}
