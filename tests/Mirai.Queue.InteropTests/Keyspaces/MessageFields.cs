using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>The fields of a message as text, zero values included.</summary>
internal static class MessageFields
{
    // Three fields that together name a server, as its keys do.
    private static readonly string[] ServerFields = ["host", "pid", "server_id"];

    public static IEnumerable<(string Field, string Text)> Of(IMessage message)
    {
        var values = message.Descriptor.Fields.InDeclarationOrder()
            .ToDictionary(field => field.Name, field => Text(field.Accessor.GetValue(message)));
        if (ServerFields.All(values.ContainsKey))
        {
            yield return ("server", $"{{{string.Join(':', ServerFields.Select(field => values[field]))}}}");
        }

        foreach (var (field, text) in values.Where(value => !ServerFields.Contains(value.Key)))
        {
            yield return (field, text);
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        ByteString bytes => bytes.ToBase64(),
        Timestamp time => Milliseconds(time),
        IDictionary entries => string.Join(", ", entries.Keys.Cast<string>().Order(StringComparer.Ordinal)
            .Select(key => $"{key}={Text(entries[key])}")),
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // Go reads its clock twice for the start and the deadline of one attempt: they are some hundred nanoseconds off.
    private static string Milliseconds(Timestamp time) => string.Create(
        CultureInfo.InvariantCulture, $"{time.Seconds}.{time.Nanos / 1_000_000:D3}");
}
