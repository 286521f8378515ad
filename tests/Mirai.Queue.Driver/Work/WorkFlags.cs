using System.Globalization;
using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Work;

/// <summary>The server by its flags. What no flag says stays as the library has it.</summary>
internal static class WorkFlags
{
    private const int DefaultConcurrency = 10;

    public static readonly FlagNames Names = new(
        [
            "queues", "concurrency", "types", "exit-after", "retry-delay", "delayed-check", "shutdown-timeout",
            "task-check", "janitor", "group-grace", "group-max-delay", "group-max-size", .. HandlerFlags.Names.Values,
        ],
        ["strict", "quiet", "aggregate", .. HandlerFlags.Names.Switches]);

    /// <summary>The settings by themselves.</summary>
    /// <exception cref="FlagException">A flag is wrong.</exception>
    public static QueueServerOptions Read(Flags flags)
    {
        var options = new QueueServerOptions();
        Apply(flags, options);
        return options;
    }

    /// <summary>Whether the server aggregates groups.</summary>
    public static bool Aggregates(Flags flags) => flags.Switch("aggregate");

    /// <summary>The patterns of the task types to handle; none means all types.</summary>
    public static IReadOnlyList<string> Types(Flags flags) => flags.Text("types")?.Split(',') ?? [];

    public static void Apply(Flags flags, QueueServerOptions options)
    {
        options.Concurrency = flags.Count("concurrency", DefaultConcurrency);
        options.StrictPriority = flags.Switch("strict");
        options.UnknownTypes = UnknownTypeAction.Fail; // the driver is compared with Asynq's own worker
        foreach (var (queue, weight) in Queues(flags))
        {
            options.Queues[queue] = weight;
        }

        options.ForwardInterval = flags.Duration("delayed-check") ?? options.ForwardInterval;
        options.ShutdownTimeout = flags.Duration("shutdown-timeout") ?? options.ShutdownTimeout;
        options.TaskCheckInterval = flags.Duration("task-check") ?? options.TaskCheckInterval;
        options.JanitorInterval = flags.Duration("janitor") ?? options.JanitorInterval;
        options.GroupGracePeriod = flags.Duration("group-grace") ?? options.GroupGracePeriod;
        options.GroupMaxDelay = flags.Duration("group-max-delay") ?? options.GroupMaxDelay;
        options.GroupMaxSize = flags.Number("group-max-size") ?? options.GroupMaxSize;
        if (flags.Duration("retry-delay") is { } delay)
        {
            options.RetryDelay = _ => delay;
        }
    }

    private static IEnumerable<(string Queue, int Weight)> Queues(Flags flags) =>
        flags.Text("queues")?.Split(',').Select(ReadQueue) ?? [];

    private static (string Queue, int Weight) ReadQueue(string text)
    {
        var equals = text.LastIndexOf('=');
        return equals > 0 && int.TryParse(text[(equals + 1)..], CultureInfo.InvariantCulture, out var weight)
            ? (text[..equals], weight)
            : throw Flags.Wrong("queues", text, "queue=weight, with commas between several");
    }
}
