using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>The options of a recorded enqueue: in Go's notation, such as <c>Queue("low")</c> or <c>Unique(1h0m0s)</c>,
/// or as flags of the Go driver.</summary>
internal static class RecordedOptions
{
    public static EnqueueOptions Parse(JsonArray options) =>
        options.Aggregate(new EnqueueOptions(), (parsed, option) => Add(parsed, (string)option!));

    public static EnqueueOptions AddFlag(EnqueueOptions options, string flag, string value) => flag switch
    {
        "-type" or "-payload" => options,
        "-queue" => options with { Queue = value },
        "-task-id" => options with { TaskId = value },
        "-group" => options with { Group = value },
        "-max-retry" => options with { MaxRetry = int.Parse(value, CultureInfo.InvariantCulture) },
        "-timeout" => options with { Timeout = Duration(value) },
        "-unique" => options with { UniqueFor = Duration(value) },
        "-retention" => options with { Retention = Duration(value) },
        "-process-in" => options with { ProcessIn = Duration(value) },
        "-deadline" => options with { Deadline = UnixSeconds(value) },
        _ => throw new InvalidOperationException($"The flag {flag} is not known here."),
    };

    private static EnqueueOptions Add(EnqueueOptions options, string option)
    {
        var open = option.IndexOf('(');
        var (name, value) = (option[..open], option[(open + 1)..^1]);
        return name switch
        {
            "Queue" => options with { Queue = Unquote(value) },
            "TaskID" => options with { TaskId = Unquote(value) },
            "Group" => options with { Group = Unquote(value) },
            "MaxRetry" => options with { MaxRetry = int.Parse(value, CultureInfo.InvariantCulture) },
            "Timeout" => options with { Timeout = Duration(value) },
            "Unique" => options with { UniqueFor = Duration(value) },
            "Retention" => options with { Retention = Duration(value) },
            "ProcessIn" => options with { ProcessIn = Duration(value) },
            "ProcessAt" => options with { ProcessAt = UnixDate(value) },
            _ => throw new InvalidOperationException($"The option {option} is not known here."),
        };
    }

    // None of the recorded texts has an escape in which Go and JSON differ.
    private static string Unquote(string text) => JsonSerializer.Deserialize<string>(text)!;

    private static TimeSpan Duration(string text) => GoDuration.TryParse(text, out var duration)
        ? duration
        : throw new InvalidOperationException($"{text} is no duration.");

    private static DateTimeOffset UnixSeconds(string text) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, CultureInfo.InvariantCulture));

    // Go pads the day with a space.
    private static DateTimeOffset UnixDate(string text) => DateTimeOffset.ParseExact(
        text.Replace("  ", " ", StringComparison.Ordinal), "ddd MMM d HH:mm:ss 'UTC' yyyy",
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
