using System.Globalization;

namespace Mirai.Queue.Wire;

/// <summary>Every key of the current layout on one page (docs/wire.md, "Keys"). The braces are part of the names: they
/// make all keys of a queue share one slot of a Redis Cluster.</summary>
internal static class RedisKeys
{
    public const string Queues = "asynq:queues";
    public const string Servers = "asynq:servers";
    public const string Workers = "asynq:workers";
    public const string CancelChannel = "asynq:cancel";
    public const string Schedulers = "asynq:schedulers";

    public static string Server(string host, int pid, string serverId) => $"asynq:servers:{{{host}:{pid}:{serverId}}}";

    public static string ServerWorkers(string host, int pid, string serverId) =>
        $"asynq:workers:{{{host}:{pid}:{serverId}}}";

    public static string SchedulerEntries(string host, int pid, string schedulerId) =>
        $"asynq:schedulers:{{{host}:{pid}:{schedulerId}}}";

    public static string SchedulerHistory(string entryId) => $"asynq:scheduler_history:{entryId}";

    public static string Prefix(string queue) => $"asynq:{{{queue}}}:";

    public static string TaskPrefix(string queue) => $"asynq:{{{queue}}}:t:";

    public static string Task(string queue, string taskId) => $"asynq:{{{queue}}}:t:{taskId}";

    public static string Pending(string queue) => $"asynq:{{{queue}}}:pending";

    public static string Active(string queue) => $"asynq:{{{queue}}}:active";

    public static string Lease(string queue) => $"asynq:{{{queue}}}:lease";

    public static string Scheduled(string queue) => $"asynq:{{{queue}}}:scheduled";

    public static string Retry(string queue) => $"asynq:{{{queue}}}:retry";

    public static string Archived(string queue) => $"asynq:{{{queue}}}:archived";

    public static string Completed(string queue) => $"asynq:{{{queue}}}:completed";

    public static string Paused(string queue) => $"asynq:{{{queue}}}:paused";

    public static string ProcessedTotal(string queue) => $"asynq:{{{queue}}}:processed";

    public static string FailedTotal(string queue) => $"asynq:{{{queue}}}:failed";

    public static string Processed(string queue, DateTimeOffset day) => $"asynq:{{{queue}}}:processed:{Day(day)}";

    public static string Failed(string queue, DateTimeOffset day) => $"asynq:{{{queue}}}:failed:{Day(day)}";

    public static string Groups(string queue) => $"asynq:{{{queue}}}:groups";

    public static string GroupPrefix(string queue) => $"asynq:{{{queue}}}:g:";

    public static string Group(string queue, string group) => $"asynq:{{{queue}}}:g:{group}";

    public static string AggregationSet(string queue, string group, string setId) =>
        $"asynq:{{{queue}}}:g:{group}:{setId}";

    public static string AggregationSets(string queue) => $"asynq:{{{queue}}}:aggregation_sets";

    /// <summary>Where tasks in a state wait for their deletion when their queue is deleted; Mirai's own.</summary>
    public static string Deleted(string queue, TaskState state) =>
        $"asynq:{{{queue}}}:deleted:{TaskStateWord.Of(state)}";

    public static string UniquePrefix(string queue) => $"asynq:{{{queue}}}:unique:";

    /// <summary>Mirai's own: how far the ticks of a periodic task are settled, which makes any number of schedulers
    /// enqueue each of them once.</summary>
    public static string Periodic(string queue, string entry) => $"asynq:{{{queue}}}:periodic:{entry}";

    /// <summary>A Pub/Sub channel of Mirai's own: tells idle workers that a queue is no longer empty, or that
    /// something is due earlier than they know. Nothing of Asynq listens to it, and losing a message costs a poll
    /// interval.</summary>
    public static string WakeChannel(string queue) => $"asynq:{{{queue}}}:wake";

    /// <summary>The same channel of every queue whose name begins with <paramref name="prefix"/>, for
    /// PSUBSCRIBE.</summary>
    public static string WakeChannelPattern(string prefix) => $"asynq:{{{EscapeGlob(prefix)}*}}:wake";

    /// <summary>The queue that a wake channel belongs to.</summary>
    public static string QueueOfWakeChannel(string channel) => channel["asynq:{".Length..^"}:wake".Length];

    /// <summary>Text in a pattern of PSUBSCRIBE that stands for itself.</summary>
    internal static string EscapeGlob(string text) => string.Concat(
        text.Select(letter => letter is '*' or '?' or '[' or ']' or '^' or '\\' ? $"\\{letter}" : $"{letter}"));

    // Counters belong to UTC days, whatever the time zone of the process.
    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
