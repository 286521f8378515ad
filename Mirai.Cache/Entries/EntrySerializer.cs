using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Cache.Entries;

/// <summary>Finds how a type is serialized: by the first registered context that knows it.</summary>
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
            $"The cache does not know how to write {type}: add [JsonSerializable(typeof({type.Name}))] to a " +
            "JsonSerializerContext and register that with AddJsonContext.");
    }
}
