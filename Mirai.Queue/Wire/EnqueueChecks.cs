using System.Collections.ObjectModel;
using System.Globalization;

namespace Mirai.Queue.Wire;

/// <summary>Checks everything that a caller can say about a new task: names, texts, durations and times. Each refusal
/// names the option, what was given, and what would be accepted.</summary>
internal static class EnqueueChecks
{
    // Go counts durations in 64 bits of nanoseconds. A longer timeout turns negative in a Go worker.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(long.MaxValue / 1_000_000_000);

    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(1);

    /// <summary>Checks a task and its options.</summary>
    /// <param name="task">The task.</param>
    /// <param name="options">All options that hold for the task.</param>
    /// <param name="now">The current time.</param>
    /// <exception cref="ArgumentException">Something is not valid. The name of the parameter is the name of the option,
    /// or of the property of the task.</exception>
    public static void Check(QueueTask task, EnqueueOptions options, DateTimeOffset now)
    {
        CheckText(task.Type, nameof(QueueTask.Type));
        if (options.Queue is { } queue)
        {
            CheckText(queue, nameof(EnqueueOptions.Queue));
            QueueName.Check(queue, nameof(EnqueueOptions.Queue));
        }

        CheckName(options.TaskId, nameof(EnqueueOptions.TaskId));
        CheckName(options.Group, nameof(EnqueueOptions.Group));
        foreach (var (name, value) in options.Headers ?? ReadOnlyDictionary<string, string>.Empty)
        {
            CheckText(name, nameof(EnqueueOptions.Headers));
            CheckText(value, nameof(EnqueueOptions.Headers));
        }

        CheckDuration(options.Timeout, TimeSpan.Zero, nameof(EnqueueOptions.Timeout));
        CheckDuration(options.Retention, TimeSpan.Zero, nameof(EnqueueOptions.Retention));
        CheckDuration(options.UniqueFor, ShortestLock, nameof(EnqueueOptions.UniqueFor));
        CheckTimes(options, now);
    }

    private static void CheckTimes(EnqueueOptions options, DateTimeOffset now)
    {
        if (options is { ProcessAt: not null, ProcessIn: not null })
        {
            throw Invalid(
                nameof(EnqueueOptions.ProcessIn), $"and {nameof(EnqueueOptions.ProcessAt)} exclude each other.");
        }

        // Asynq reads the Unix epoch as "no deadline".
        if (options.Deadline is not { } deadline || WireTime.ToSeconds(deadline) == 0)
        {
            return;
        }

        if (deadline <= now)
        {
            throw Refuse(
                nameof(EnqueueOptions.Deadline), Text(deadline), $"must lie in the future; it is {Text(now)} now");
        }

        if (WireTime.DueTime(options, now) is { } due && deadline <= due)
        {
            throw Refuse(
                nameof(EnqueueOptions.Deadline), Text(deadline),
                $"must be later than the time the task is due, {Text(due)}");
        }
    }

    private static void CheckDuration(TimeSpan? duration, TimeSpan least, string option)
    {
        if (duration < least || duration > Longest)
        {
            throw Refuse(
                option, Text(duration.Value), $"must be {Text(least)} to {Text(Longest)} (days.hours:minutes:seconds)");
        }
    }

    private static void CheckName(string? value, string option)
    {
        if (value is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            throw Invalid(option, "must contain more than white space.");
        }

        CheckText(value, option);
    }

    private static void CheckText(string? value, string option)
    {
        if (value is null)
        {
            throw Invalid(option, "has a value that is null; it must be text.");
        }

        if (!TaskMessageConverter.IsWellFormed(value))
        {
            throw Invalid(option, "has a lone surrogate, which UTF-8 cannot carry.");
        }
    }

    private static ArgumentException Invalid(string option, string fault) => new($"{option} {fault}", option);

    private static ArgumentOutOfRangeException Refuse(string option, string given, string rule) =>
        new(option, $"{option} is {given}, but {rule}.");

    private static string Text(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
