using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Snapshot;

/// <summary>A message by its fields, zero values included, under the names of the golden data.</summary>
internal static class MessageJson
{
    public static JsonObject Create(IMessage message)
    {
        var fields = new JsonObject();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().OrderBy(field => field.Name))
        {
            Add(fields, field, field.Accessor.GetValue(message));
        }

        return new JsonObject { ["fields"] = fields, ["message"] = message.Descriptor.Name };
    }

    private static void Add(JsonObject fields, FieldDescriptor field, object? value)
    {
        if (value is ByteString bytes)
        {
            fields[field.Name + "_base64"] = bytes.ToBase64();
            if (field.Name == "payload" && JsonFields.TryText(bytes.Span) is { } text)
            {
                fields[field.Name + "_text"] = text;
            }
        }
        else
        {
            fields[field.Name] = ToJson(value);
        }
    }

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        Timestamp time => TimeJson(time),
        IDictionary entries => new JsonObject(
            entries.Keys.Cast<string>().Order(StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key, ToJson(entries[key])))),
        IList { Count: 0 } => null,
        IList items => new JsonArray([.. items.Cast<object>().Select(ToJson)]),
        _ => throw new InvalidOperationException($"A field has the unexpected type {value.GetType()}."),
    };

    private static JsonObject TimeJson(Timestamp time) => new()
    {
        ["nanos"] = time.Nanos,
        ["rfc3339"] = Rfc3339(time),
        ["seconds"] = time.Seconds,
    };

    // By hand: a tick of .NET is a hundred of Go's nanoseconds.
    private static string? Rfc3339(Timestamp time)
    {
        if (time.Seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds()
            || time.Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return null;
        }

        var second = DateTimeOffset.FromUnixTimeSeconds(time.Seconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var nanoseconds = time.Nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');

        return nanoseconds.Length == 0 ? $"{second}Z" : $"{second}.{nanoseconds}Z";
    }
}
