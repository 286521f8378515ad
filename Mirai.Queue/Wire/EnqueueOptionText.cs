using System.Globalization;

namespace Mirai.Queue.Wire;

/// <summary>Options as Asynq prints them into scheduler entries (docs/wire.md, "Schedulers"). Each has a parenthesis:
/// a text without one crashes Go's inspector.</summary>
internal static class EnqueueOptionText
{
    /// <summary>The options that are set, one text each. Headers have none in Asynq 0.26.</summary>
    public static IReadOnlyList<string> Of(EnqueueOptions options) =>
    [
        .. Text("Queue", options.Queue, GoText.Quote),
        .. Text("MaxRetry", options.MaxRetry, retries => Math.Max(retries, 0).ToString(CultureInfo.InvariantCulture)),
        .. Text("Timeout", options.Timeout, GoDuration.Format),
        .. Text("Deadline", options.Deadline, UnixDate),
        .. Text("Retention", options.Retention, GoDuration.Format),
        .. Text("Unique", options.UniqueFor, GoDuration.Format),
        .. Text("ProcessAt", options.ProcessAt, UnixDate),
        .. Text("ProcessIn", options.ProcessIn, GoDuration.Format),
        .. Text("TaskID", options.TaskId, GoText.Quote),
        .. Text("Group", options.Group, GoText.Quote),
    ];

    private static IEnumerable<string> Text<T>(string name, T? value, Func<T, string> format)
        where T : struct => value is { } set ? [$"{name}({format(set)})"] : [];

    private static IEnumerable<string> Text(string name, string? value, Func<string, string> format) =>
        value is null ? [] : [$"{name}({format(value)})"];

    // Go's time.UnixDate: the day is padded with a space.
    private static string UnixDate(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return string.Create(
            CultureInfo.InvariantCulture, $"{utc:ddd MMM} {utc.Day,2} {utc:HH:mm:ss} UTC {utc:yyyy}");
    }
}
