using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Queue.Client;

/// <summary>Writes and reads payload records as JSON, with the source-generated contexts that the application
/// registered. Each context keeps its own options, such as its naming policy.</summary>
internal sealed class PayloadSerializer(IEnumerable<JsonSerializerContext> contexts)
{
    private readonly JsonSerializerContext[] contexts = [.. contexts];
    private readonly ConcurrentDictionary<Type, JsonTypeInfo> known = new();

    public byte[] Serialize<TPayload>(TPayload payload) =>
        JsonSerializer.SerializeToUtf8Bytes(payload, Find<TPayload>());

    public TPayload Deserialize<TPayload>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Find<TPayload>())
        ?? throw new JsonException($"The payload is null where {typeof(TPayload)} is expected.");

    /// <exception cref="InvalidOperationException">No registered context knows the type.</exception>
    public JsonTypeInfo<TPayload> Find<TPayload>() =>
        (JsonTypeInfo<TPayload>)known.GetOrAdd(typeof(TPayload), static (type, all) => Find(type, all), contexts);

    private static JsonTypeInfo Find(Type type, JsonSerializerContext[] contexts) =>
        contexts.Select(context => context.GetTypeInfo(type)).FirstOrDefault(info => info is not null)
        ?? throw new InvalidOperationException(
            $"No JSON context knows {type}: add [JsonSerializable(typeof({type.Name}))] to a JsonSerializerContext " +
            "and register that with AddJsonContext.");
}

/// <summary>The <see cref="QueueTaskAttribute"/> of a payload type, read once per type.</summary>
internal static class TaskPayload<TPayload>
{
    private static readonly QueueTaskAttribute? Attribute = typeof(TPayload).GetCustomAttribute<QueueTaskAttribute>();

    /// <summary>The task type.</summary>
    /// <exception cref="InvalidOperationException">The payload type has no attribute.</exception>
    public static string Type => Attribute?.Type ?? throw new InvalidOperationException(
        $"{typeof(TPayload)} is not a task payload: give it a [QueueTask(\"type\")] attribute.");

    /// <summary>The default options.</summary>
    public static EnqueueOptions Options { get; } = Attribute?.ToOptions() ?? EnqueueOptions.None;
}
