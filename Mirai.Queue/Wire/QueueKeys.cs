using System.Collections.Concurrent;
using System.Globalization;

namespace Mirai.Queue.Wire;

/// <summary>Every key of one queue (docs/wire.md, "Keys"). Each key is built once: <see cref="Of"/> keeps the keys of
/// the queues in use.</summary>
/// <remarks>The braces are part of the names: they put all keys of a queue into one slot of a Redis Cluster.</remarks>
internal sealed class QueueKeys
{
    // Callers choose the names of queues: names that nobody uses again must not fill the memory.
    private const int MostQueues = 10_000;

    private static readonly ConcurrentDictionary<string, QueueKeys> Known = new(StringComparer.Ordinal);

    private QueueKeys(string queue) => Prefix = $"asynq:{{{queue}}}:";

    /// <summary>The prefix of all other keys.</summary>
    public string Prefix { get; }

    /// <summary>The prefix of the hashes that hold the tasks.</summary>
    public string TaskPrefix => field ??= $"{Prefix}t:";

    public string Pending => field ??= $"{Prefix}pending";

    public string Active => field ??= $"{Prefix}active";

    public string Lease => field ??= $"{Prefix}lease";

    /// <summary>What workers of Asynq 0.18 to 0.21 have in place of leases. Mirai only looks whether it is
    /// there.</summary>
    public string Deadlines => field ??= $"{Prefix}deadlines";

    public string Scheduled => field ??= $"{Prefix}scheduled";

    public string Retry => field ??= $"{Prefix}retry";

    public string Archived => field ??= $"{Prefix}archived";

    public string Completed => field ??= $"{Prefix}completed";

    public string Paused => field ??= $"{Prefix}paused";

    public string ProcessedTotal => field ??= $"{Prefix}processed";

    public string FailedTotal => field ??= $"{Prefix}failed";

    public string Groups => field ??= $"{Prefix}groups";

    /// <summary>The prefix of groups and of aggregation sets.</summary>
    public string GroupPrefix => field ??= $"{Prefix}g:";

    public string AggregationSets => field ??= $"{Prefix}aggregation_sets";

    public string UniquePrefix => field ??= $"{Prefix}unique:";

    /// <summary>A Pub/Sub channel that only Mirai uses: it tells idle workers that a queue is no longer empty, or that
    /// a task is due earlier than the workers know. A lost message costs a poll interval.</summary>
    public string WakeChannel => field ??= $"{Prefix}wake";

    /// <summary>The keys of a queue. Its name is used as it is.</summary>
    public static QueueKeys Of(string queue)
    {
        if (Known.TryGetValue(queue, out var keys))
        {
            return keys;
        }

        if (Known.Count >= MostQueues)
        {
            Known.Clear();
        }

        return Known.GetOrAdd(queue, static name => new QueueKeys(name));
    }

    public string Task(string taskId) => $"{TaskPrefix}{taskId}";

    /// <summary>Counts the tasks of a UTC day, whatever the time zone of the process.</summary>
    public string Processed(DateTimeOffset day) => $"{ProcessedTotal}:{Day(day)}";

    /// <inheritdoc cref="Processed"/>
    public string Failed(DateTimeOffset day) => $"{FailedTotal}:{Day(day)}";

    public string Group(string group) => $"{GroupPrefix}{group}";

    public string AggregationSet(string group, string setId) => $"{GroupPrefix}{group}:{setId}";

    /// <summary>Where tasks in a state wait for their deletion when their queue is deleted. Only Mirai uses this
    /// key.</summary>
    public string Deleted(TaskState state) => $"{Prefix}deleted:{TaskStateWord.Of(state)}";

    /// <summary>How far the ticks of a periodic task are settled, so that many schedulers enqueue each tick once. Only
    /// Mirai uses this key.</summary>
    public string Periodic(string entry) => $"{Prefix}periodic:{entry}";

    /// <summary>The wake channels of all queues whose name begins with <paramref name="prefix"/>, for
    /// PSUBSCRIBE.</summary>
    public static string WakeChannelPattern(string prefix) => $"asynq:{{{Glob.Escape(prefix)}*}}:wake";

    /// <summary>The queue that a wake channel belongs to.</summary>
    public static string QueueOfWakeChannel(string channel) => channel["asynq:{".Length..^"}:wake".Length];

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The keys that belong to no queue.</summary>
internal static class SharedKeys
{
    public const string Queues = "asynq:queues";
    public const string Servers = "asynq:servers";
    public const string Workers = "asynq:workers";
    public const string CancelChannel = "asynq:cancel";
    public const string Schedulers = "asynq:schedulers";

    public static string Server(string host, int pid, string serverId) => $"asynq:servers:{{{host}:{pid}:{serverId}}}";

    public static string ServerWorkers(string host, int pid, string serverId) =>
        $"asynq:workers:{{{host}:{pid}:{serverId}}}";

    /// <summary>The running tasks of the server whose record has this key.</summary>
    public static string WorkersOf(string server) => string.Concat(Workers, server.AsSpan(Servers.Length));

    public static string SchedulerEntries(string host, int pid, string schedulerId) =>
        $"asynq:schedulers:{{{host}:{pid}:{schedulerId}}}";

    public static string SchedulerHistory(string entryId) => $"asynq:scheduler_history:{entryId}";
}
