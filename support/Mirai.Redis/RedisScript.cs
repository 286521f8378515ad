using System.Reflection;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>A Lua script that is embedded in an assembly as <c>name.lua</c>. StackExchange.Redis sends its digest, and
/// its text to a server that does not know it (yet, or any more).</summary>
/// <remarks>A line <c>--#include other</c> stands for the text of <c>other.lua</c>: what several scripts do alike is
/// written once. An include has a header of its own, and the header of the including script names every key and
/// argument that the whole text uses.</remarks>
internal sealed class RedisScript
{
    private const string Comment = "--";
    private const string Include = "--#include ";

    private RedisScript(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>The name of the file without its ending.</summary>
    public string Name { get; }

    /// <summary>The source as Redis gets it: includes resolved, comment lines gone.</summary>
    public string Text { get; }

    /// <summary>Reads a script of <paramref name="assembly"/>.</summary>
    /// <exception cref="InvalidOperationException">It, or what it includes, is not embedded there.</exception>
    public static RedisScript Read(Assembly assembly, string name) =>
        new(name, string.Join('\n', ReadLines(assembly, name)).Trim());

    /// <summary>Runs the script. Dispose the reply: it is a rented buffer.</summary>
    public Task<RespResult> RunAsync(
        IDatabaseAsync database, ReadOnlyMemory<RedisKey> keys, ReadOnlyMemory<RedisValue> arguments) =>
        database.ScriptEvaluateRespAsync(Text, keys, arguments);

    private static IEnumerable<string> ReadLines(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream($"{name}.lua")
            ?? throw new InvalidOperationException($"{name}.lua is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(Include, StringComparison.Ordinal))
            {
                foreach (var included in ReadLines(assembly, line[Include.Length..].Trim()))
                {
                    yield return included;
                }
            }
            else if (!line.StartsWith(Comment, StringComparison.Ordinal))
            {
                // Comments are for readers of the file; Redis would keep a copy of them for every script.
                yield return line;
            }
        }
    }
}
