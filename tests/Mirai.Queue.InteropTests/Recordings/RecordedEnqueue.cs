using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>An enqueue as it was recorded.</summary>
/// <param name="Type">The task's type.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Options">Its options.</param>
/// <param name="Info">What the call returned; <see langword="null"/> when it returned an error.</param>
internal sealed record RecordedEnqueue(
    string Type, ReadOnlyMemory<byte>? Payload, EnqueueOptions Options, JsonObject? Info)
{
    // Typed: null by itself converts to an empty payload.
    private static ReadOnlyMemory<byte>? NoPayload => null;

    /// <summary>When the task is due, by what the call returned.</summary>
    public DateTimeOffset? NextProcessAt =>
        Info?["next_process_at"]?.GetValue<string>() is { } text
        && DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) is { Year: > 1 } time
            ? time
            : null;

    /// <summary>The enqueue of a step, or <see langword="null"/> when the step is something else.</summary>
    public static RecordedEnqueue? Find(JsonObject step)
    {
        if (step["result"] is JsonObject result && result.ContainsKey("payload_is_nil"))
        {
            return FromCall(result);
        }

        return (string?)step["ran"] is { } line && line.StartsWith("enqueue ", StringComparison.Ordinal)
            ? FromCommandLine(line, step["output"]![0]!.AsObject())
            : null;
    }

    /// <summary>What the task is enqueued with, the due time to the fraction that option strings leave out.</summary>
    public EnqueueOptions ExactOptions =>
        Options.ProcessAt is not null && (string?)Info?["state"] == "scheduled"
            ? Options with { ProcessAt = NextProcessAt }
            : Options;

    private static RecordedEnqueue FromCall(JsonObject result)
    {
        var options = result["options"] is JsonArray given ? RecordedOptions.Parse(given) : new EnqueueOptions();
        var headers = result["headers"]?.AsObject()
            .ToDictionary(header => header.Key, header => (string)header.Value!);

        return new RecordedEnqueue(
            (string)result["type"]!,
            (bool)result["payload_is_nil"]! ? NoPayload : Convert.FromBase64String((string)result["payload_base64"]!),
            options with { Headers = headers },
            result["task_info"]?.AsObject());
    }

    private static RecordedEnqueue FromCommandLine(string line, JsonObject output)
    {
        var flags = ShellWords.Split(line)[1..].Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        var options = flags.Aggregate(
            new EnqueueOptions(), (parsed, flag) => RecordedOptions.AddFlag(parsed, flag.Key, flag.Value));

        return new RecordedEnqueue(
            flags["-type"],
            flags.TryGetValue("-payload", out var payload) ? Encoding.UTF8.GetBytes(payload) : NoPayload,
            options,
            output);
    }
}
