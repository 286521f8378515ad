using System.Buffers;
using System.Reflection;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>A Lua script that is embedded in an assembly as <c>name.lua</c>. StackExchange.Redis sends the digest of
/// the script, and its text to a server that does not have it.</summary>
/// <remarks>A line <c>--#include other</c> stands for the text of <c>other.lua</c>, so that what several scripts do
/// is written once. The header of the including script names every key and argument of the whole text.</remarks>
internal sealed class RedisScript
{
    private const string Comment = "--";
    private const string Include = "--#include ";

    private string? textWhenFull;

    private RedisScript(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>The name of the file without <c>.lua</c>.</summary>
    public string Name { get; }

    /// <summary>The text that Redis gets: with includes, without lines that are comments.</summary>
    public string Text { get; }

    /// <summary>Reads a script of <paramref name="assembly"/>.</summary>
    /// <exception cref="InvalidOperationException">The script or an include is not embedded there.</exception>
    public static RedisScript Read(Assembly assembly, string name) =>
        new(name, string.Join('\n', ReadLines(assembly, name)).Trim());

    /// <summary>The same script, which also writes while Redis is full (<c>noeviction</c> at <c>maxmemory</c>).</summary>
    /// <remarks>Redis refuses the first write of a script if that command may grow memory, and checks no later write. So
    /// a refused script has changed nothing, and runs again behind a first write that may not grow memory: PERSIST of a
    /// key that has no lifetime, or whose lifetime the script renews. The line <c>#!lua flags=allow-oom</c> has the same
    /// effect, but needs Redis 7.</remarks>
    public RedisScript AllowWhenFull() => new(Name, Text) { textWhenFull = $"redis.call(\"PERSIST\", KEYS[1])\n{Text}" };

    /// <summary>Runs the script. The caller disposes the reply, which is a rented buffer.</summary>
    public Task<RespResult> RunAsync(
        IDatabaseAsync database, ReadOnlyMemory<RedisKey> keys, ReadOnlyMemory<RedisValue> arguments)
    {
        var reply = database.ScriptEvaluateRespAsync(Text, keys, arguments);
        return textWhenFull is null ? reply : RunAgainWhenFullAsync(reply, database, keys, arguments);
    }

    private async Task<RespResult> RunAgainWhenFullAsync(
        Task<RespResult> reply, IDatabaseAsync database, ReadOnlyMemory<RedisKey> keys,
        ReadOnlyMemory<RedisValue> arguments)
    {
        try
        {
            return await reply.ConfigureAwait(false);
        }
        catch (RedisServerException full) when (RedisFaults.IsFull(full))
        {
            return await database.ScriptEvaluateRespAsync(textWhenFull!, keys, arguments).ConfigureAwait(false);
        }
    }

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
                // Redis keeps the text of every script in its memory: comments would take room there.
                yield return line;
            }
        }
    }
}

/// <summary>Arguments of a script call in a rented array.</summary>
/// <remarks>Return the array only after a reply: a call that timed out can still be waiting to be written.</remarks>
internal struct ScriptArguments(int capacity)
{
    private readonly RedisValue[] values = ArrayPool<RedisValue>.Shared.Rent(capacity);
    private int count;

    public readonly ReadOnlyMemory<RedisValue> Memory => values.AsMemory(0, count);

    public void Add(RedisValue value) => values[count++] = value;

    public readonly void Return()
    {
        values.AsSpan(0, count).Clear();
        ArrayPool<RedisValue>.Shared.Return(values);
    }
}
