using System.Buffers;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>Arguments of a script call in a rented array.</summary>
/// <remarks>Give the array back only after a reply: a call that timed out may still be waiting to be
/// written.</remarks>
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
