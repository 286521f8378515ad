using System.Globalization;

namespace Mirai.Queue.Wire;

/// <summary>Writes options into scheduler entries as Asynq does (docs/wire.md, "Schedulers"). Every text has a
/// parenthesis: a text without one crashes Go's inspector.</summary>
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

/// <summary>Reads the options of scheduler entries that <see cref="EnqueueOptionText"/> or Asynq wrote.</summary>
internal static class EnqueueOptionReader
{
    // Go's time.UnixDate. Only UTC is read: abbreviations of other time zones are ambiguous.
    private const string UnixDate = "ddd MMM d HH:mm:ss 'UTC' yyyy";

    private const DateTimeStyles Utc =
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;

    /// <summary>Reads all options of an entry. Of several options of one kind, the last one counts, as in
    /// Asynq.</summary>
    /// <param name="texts">For instance <c>MaxRetry(3)</c>.</param>
    /// <param name="unreadable">The first option that cannot be read; <see langword="null"/> for none.</param>
    /// <returns>The options; <see langword="null"/> when one cannot be read.</returns>
    public static EnqueueOptions? Read(IEnumerable<string> texts, out string? unreadable)
    {
        var options = EnqueueOptions.None;
        foreach (var text in texts)
        {
            if (Add(options, text) is not { } next)
            {
                unreadable = text;
                return null;
            }

            options = next;
        }

        unreadable = null;
        return options;
    }

    /// <summary>Reads the queue of an entry, whether its other options can be read or not.</summary>
    /// <returns><see langword="null"/> when an option that names the queue cannot be read.</returns>
    public static string? ReadQueue(IEnumerable<string> texts)
    {
        var options = Read(texts.Where(text => text.StartsWith("Queue(", StringComparison.Ordinal)), out _);

        return options is null ? null : options.Queue ?? EnqueueOptions.DefaultQueue;
    }

    private static EnqueueOptions? Add(EnqueueOptions options, string text)
    {
        var start = text.IndexOf('(');
        if (start < 0 || !text.EndsWith(')'))
        {
            return null;
        }

        var value = text[(start + 1)..^1];
        return text[..start] switch
        {
            "MaxRetry" => Number(value) is { } retries ? options with { MaxRetry = retries } : null,
            "Queue" => GoText.Unquote(value) is { } queue ? options with { Queue = queue } : null,
            "TaskID" => GoText.Unquote(value) is { } id ? options with { TaskId = id } : null,
            "Group" => GoText.Unquote(value) is { } group ? options with { Group = group } : null,
            "Deadline" => Time(value) is { } time ? options with { Deadline = NotZero(time) } : null,
            "ProcessAt" => Time(value) is { } time
                ? options with { ProcessAt = NotZero(time), ProcessIn = null }
                : null,
            var name => Duration(value) is { } duration ? Add(options, name, duration) : null,
        };
    }

    private static EnqueueOptions? Add(EnqueueOptions options, string name, TimeSpan duration) => name switch
    {
        "Timeout" => options with { Timeout = duration },
        "Retention" => options with { Retention = duration },
        "Unique" => options with { UniqueFor = duration },
        "ProcessIn" => options with { ProcessIn = duration, ProcessAt = null },
        _ => null,
    };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    private static TimeSpan? Duration(string text) => GoDuration.TryParse(text, out var duration) ? duration : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, UnixDate, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;

    // Go's zero time means "none".
    private static DateTimeOffset? NotZero(DateTimeOffset time) => time == DateTimeOffset.MinValue ? null : time;
}
