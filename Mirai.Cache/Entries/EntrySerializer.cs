using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Cache.Entries;

/// <summary>Finds the JSON metadata of a type: from the first registered context that knows the type.</summary>
internal sealed class EntrySerializer(IEnumerable<JsonSerializerContext> contexts)
{
    private readonly JsonSerializerContext[] contexts = [.. contexts];
    private readonly ConcurrentDictionary<Type, JsonTypeInfo> found = new();

    /// <exception cref="InvalidOperationException">No registered context knows the type.</exception>
    public JsonTypeInfo<T> TypeOf<T>() =>
        (JsonTypeInfo<T>)(found.TryGetValue(typeof(T), out var type) ? type : Find(typeof(T)));

    private JsonTypeInfo Find(Type type)
    {
        foreach (var context in contexts)
        {
            if (context.GetTypeInfo(type) is { } info)
            {
                return found.GetOrAdd(type, info);
            }
        }

        throw new InvalidOperationException(
            $"The cache cannot serialize {type}: add [JsonSerializable(typeof({type.Name}))] to a " +
            "JsonSerializerContext and register that with AddJsonContext.");
    }
}

/// <summary>Plain values, which need no context of the application.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(TimeSpan))]
internal sealed partial class BasicJsonContext : JsonSerializerContext;
