using StackExchange.Redis;

namespace Mirai.Cache.Scripts;

/// <summary>A Lua script, embedded as a file of its name. StackExchange.Redis sends its digest, and its text to a
/// server that does not know it (any more).</summary>
internal sealed class RedisScript
{
    private const string Comment = "--";

    private readonly string text;

    public RedisScript(string name)
    {
        Name = name;
        using var file = typeof(RedisScript).Assembly.GetManifestResourceStream($"{name}.lua")
            ?? throw new InvalidOperationException($"{name}.lua is not embedded in the assembly.");
        using var reader = new StreamReader(file);

        // The header is for readers of the file; Redis would keep a copy of it for every script.
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith(Comment, StringComparison.Ordinal))
            {
                lines.Add(line);
            }
        }

        text = string.Join('\n', lines);
    }

    public string Name { get; }

    /// <summary>Runs the script. Dispose the reply: it is a rented buffer.</summary>
    public Task<RespResult> RunAsync(
        IDatabaseAsync database, ReadOnlyMemory<RedisKey> keys, ReadOnlyMemory<RedisValue> arguments) =>
        database.ScriptEvaluateRespAsync(text, keys, arguments);
}
