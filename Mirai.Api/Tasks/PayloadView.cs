using System.Buffers;
using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mirai.Api.Security;
using Mirai.Platform;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Hides payloads from callers. With <see cref="Scopes.PayloadRead"/> a caller sees whole payloads; without
/// it, only those of Mirai's own tasks, without members that are <see cref="SensitiveAttribute"/>.</summary>
internal sealed class PayloadView
{
    private const string Hidden = "***";

    // Task type -> names of the members that stay hidden.
    private readonly FrozenDictionary<string, FrozenSet<string>> sensitive;

    public PayloadView()
        : this(PlatformTasks())
    {
    }

    internal PayloadView(IEnumerable<JsonTypeInfo> payloads) => sensitive = payloads
        .Select(payload => (payload, task: payload.Type.GetCustomAttribute<QueueTaskAttribute>()))
        .Where(known => known.task is not null)
        .ToFrozenDictionary(known => known.task!.Type, known => SensitiveOf(known.payload));

    /// <summary>The part of a task that a caller may see.</summary>
    public TaskResponse Show(TaskInfo task, Caller caller) =>
        TaskResponse.From(task, Of(task.Type, task.Payload, caller));

    /// <summary>The part of a payload that a caller may see.</summary>
    /// <returns><see langword="null"/> when there is no payload, or the caller may see nothing of it.</returns>
    public ReadOnlyMemory<byte>? Of(string type, ReadOnlyMemory<byte>? payload, Caller caller)
    {
        if (payload is not { } bytes || caller.Has(Scopes.PayloadRead))
        {
            return payload;
        }

        return sensitive.TryGetValue(type, out var hidden) ? Redact(bytes, hidden) : null;
    }

    private static ReadOnlyMemory<byte>? Redact(ReadOnlyMemory<byte> payload, FrozenSet<string> hidden)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var buffer = new ArrayBufferWriter<byte>(payload.Length);
            using (var writer = new Utf8JsonWriter(buffer))
            {
                Write(writer, json.RootElement, hidden);
            }

            return buffer.WrittenMemory;
        }
        catch (JsonException)
        {
            // In bytes that are no JSON, no sensitive member can be found: hide them all.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement payload, FrozenSet<string> hidden)
    {
        writer.WriteStartObject();
        foreach (var member in payload.EnumerateObject())
        {
            // Without case, as handlers read the names.
            if (hidden.Contains(member.Name))
            {
                writer.WriteString(member.Name, Hidden);
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static FrozenSet<string> SensitiveOf(JsonTypeInfo payload) => payload.Properties
        .Where(property => IsSensitive(payload.Type, property))
        .Select(property => property.Name)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // On the property, or on the parameter of a record's constructor that makes it.
    private static bool IsSensitive(Type type, JsonPropertyInfo property) =>
        type.GetProperties().Any(own => own.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)
            && own.IsDefined(typeof(SensitiveAttribute)))
        || type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter =>
            parameter.Name!.Equals(property.Name, StringComparison.OrdinalIgnoreCase)
            && parameter.IsDefined(typeof(SensitiveAttribute)));

    private static IEnumerable<JsonTypeInfo> PlatformTasks() => typeof(PlatformTasksJson).Assembly.GetExportedTypes()
        .Where(type => type.IsDefined(typeof(QueueTaskAttribute)))
        .Select(type => PlatformTasksJson.Default.GetTypeInfo(type)).OfType<JsonTypeInfo>();
}
