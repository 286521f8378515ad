using System.Globalization;

namespace Mirai.Queue.Legacy;

/// <summary>Every key of the layout before Asynq 0.12 on one page (docs/wire.md, "The legacy layout"). All but the
/// lists of tasks are of all queues together, and in no common slot: this layout is not for a Redis Cluster.</summary>
internal static class LegacyKeys
{
    /// <summary>Names the lists of all queues, and is the one key that every script of this layout names.</summary>
    public const string Queues = "asynq:queues";

    public const string QueuePrefix = "asynq:queues:";
    public const string Scheduled = "asynq:scheduled";
    public const string Retry = "asynq:retry";
    public const string Dead = "asynq:dead";
    public const string InProgress = "asynq:in_progress";
    public const string Deadlines = "asynq:deadlines";
    public const string Paused = "asynq:paused";
    public const string Servers = "asynq:servers";
    public const string Workers = "asynq:workers";

    /// <summary>Mirai's own: ids of tasks that were enqueued a moment ago, or under an id of the caller's choice. Old
    /// workers do not look at it.</summary>
    public const string Enqueued = "asynq:enqueued";

    /// <summary>What the wake channels of Mirai's workers begin with.</summary>
    public const string WakePrefix = "asynq:wake:";

    /// <summary>Keys that only this layout has.</summary>
    public static readonly IReadOnlyList<string> Own = [InProgress, Deadlines, Scheduled, Retry, Dead, Paused];

    /// <summary>The list of a queue: in the key, and only there, its name has no capitals.</summary>
    public static string Queue(string queue) => QueuePrefix + queue.ToLowerInvariant();

    /// <summary>Mirai's own: which ticks of a periodic task are settled.</summary>
    public static string Periodic(string queue, string name) => $"asynq:periodic:{queue.ToLowerInvariant()}:{name}";

    public static bool IsQueue(string key) => key.StartsWith(QueuePrefix, StringComparison.Ordinal);

    public static string NameOf(string queueKey) => queueKey[QueuePrefix.Length..];

    public static string Wake(string queue) => WakePrefix + queue.ToLowerInvariant();

    public static string Server(string host, int pid, string serverId) => $"asynq:servers:{host}:{pid}:{serverId}";

    public static string ServerWorkers(string host, int pid, string serverId) =>
        $"asynq:workers:{host}:{pid}:{serverId}";

    public static bool IsServer(string key) => key.StartsWith(Servers + ":", StringComparison.Ordinal);

    /// <summary>The running tasks of the server that a key names.</summary>
    public static string WorkersOf(string serverKey) => Workers + serverKey[Servers.Length..];

    public static string Processed(DateTimeOffset day) => $"asynq:processed:{Day(day)}";

    public static string Failed(DateTimeOffset day) => $"asynq:failure:{Day(day)}";

    // Counters belong to UTC days, whatever the time zone of the process.
    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
