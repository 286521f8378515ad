using System.Globalization;
using System.Text;
using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>What a keyspace says, one fact a line: the path of a value and the value as text. Two keyspaces are
/// compared fact by fact, so that a difference reads as what it is.</summary>
/// <param name="names">Puts names that differ from run to run in the place of what was drawn.</param>
/// <param name="expiry">Says how long a key lives.</param>
internal sealed class Facts(RunNames names, Func<StoredKey, string> expiry)
{
    private const long NanosecondsPerTick = 100;

    public SortedDictionary<string, string> Of(Keyspace keyspace)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keyspace.Keys)
        {
            var path = $"{names.Apply(key.Name)} ({key.Type.ToString().ToLowerInvariant()})";
            if (key.ExpiresAt is not null)
            {
                facts[$"{path} expires"] = expiry(key);
            }

            for (var i = 0; i < key.Values.Count; i++)
            {
                Add(facts, key, path, key.Values[i], i);
            }
        }

        return facts;
    }

    private void Add(SortedDictionary<string, string> facts, StoredKey key, string path, StoredValue value, int index)
    {
        var item = key.Type switch
        {
            StoredType.String => path,
            StoredType.List => $"{path} [{index.ToString(CultureInfo.InvariantCulture)}]",
            StoredType.Hash => $"{path} {names.Apply(value.Field!)}",
            _ when Messages.KindOf(key.Name, value.Field) == SchedulerEnqueueEvent.Parser =>
                $"{path} {Event(value.Bytes)}",
            _ => $"{path} {names.Apply(Text(value.Bytes))}",
        };
        if (key.Type == StoredType.ZSet)
        {
            // The fraction of a lease is the token of Mirai's take, which Go does not read.
            var score = key.Name.EndsWith(":lease", StringComparison.Ordinal)
                ? Math.Floor(value.Score!.Value) : value.Score!.Value;
            facts[item] = score.ToString(CultureInfo.InvariantCulture);
        }
        else if (key.Type == StoredType.Set)
        {
            facts[item] = "is a member";
        }
        else if (Messages.KindOf(key.Name, value.Field) is { } kind)
        {
            AddMessage(facts, item, value.Bytes, kind);
        }
        else
        {
            facts[item] = value.Field == "pending_since" ? PendingSince(value.Bytes) : names.Apply(Text(value.Bytes));
        }
    }

    private void AddMessage(SortedDictionary<string, string> facts, string path, byte[] bytes, MessageParser kind)
    {
        var message = kind.ParseFrom(bytes);
        foreach (var (field, text) in MessageFields.Of(message))
        {
            facts[$"{path}.{field}"] = names.Apply(text);
        }

        var known = kind.WithDiscardUnknownFields(true).ParseFrom(bytes);
        if (known.CalculateSize() != message.CalculateSize())
        {
            facts[$"{path} unknown fields"] = Convert.ToBase64String(bytes);
        }
    }

    // Go reads its clock for the task and again for the event: they are some hundred microseconds off.
    private string Event(byte[] bytes)
    {
        var recorded = SchedulerEnqueueEvent.Parser.ParseFrom(bytes);
        var second = recorded.EnqueueTime.Seconds.ToString(CultureInfo.InvariantCulture);

        return $"task {names.Apply(recorded.TaskId)} at {second}";
    }

    // A tick of .NET is a hundred nanoseconds: Mirai cannot tell more of a time.
    private static string PendingSince(byte[] text)
    {
        var nanoseconds = long.Parse(text, CultureInfo.InvariantCulture);
        return (nanoseconds / NanosecondsPerTick * NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return $"base64 {Convert.ToBase64String(bytes)}";
        }
    }
}
