namespace Mirai.Queue.Telemetry;

/// <summary>Every name in the telemetry of Mirai.Queue (docs/telemetry.md explains them). The names follow the
/// OpenTelemetry semantic conventions for messaging; names beyond these conventions start with
/// <c>mirai.</c>.</summary>
public static class TelemetryNames
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySource = "Mirai.Queue";

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string Meter = "Mirai.Queue";

    internal const string SentMessages = "messaging.client.sent.messages";
    internal const string ConsumedMessages = "messaging.client.consumed.messages";
    internal const string OperationDuration = "messaging.client.operation.duration";
    internal const string ProcessDuration = "messaging.process.duration";

    internal const string RefusedFull = "mirai.queue.tasks.refused_full";
    internal const string ActiveTasks = "mirai.queue.tasks.active";
    internal const string PickUpDelay = "mirai.queue.pick_up.duration";
    internal const string LeasesLost = "mirai.queue.leases.lost";
    internal const string TasksRecovered = "mirai.queue.tasks.recovered";
    internal const string TasksReturned = "mirai.queue.tasks.returned";
    internal const string GhostsDropped = "mirai.queue.ghosts.dropped";
    internal const string TasksQuarantined = "mirai.queue.tasks.quarantined";
    internal const string TasksDeferred = "mirai.queue.tasks.deferred";
    internal const string UnknownTypes = "mirai.queue.tasks.unknown_type";
    internal const string ArchiveTrimmed = "mirai.queue.archive.trimmed";
    internal const string TasksAggregated = "mirai.queue.tasks.aggregated";
    internal const string TasksReclaimed = "mirai.queue.tasks.reclaimed";
    internal const string HandlersAbandoned = "mirai.queue.handlers.abandoned";

    internal const string SchedulerTicks = "mirai.queue.scheduler.ticks";
    internal const string SchedulerLag = "mirai.queue.scheduler.lag";

    internal const string System = "messaging.system";
    internal const string SystemAsynq = "asynq";
    internal const string Destination = "messaging.destination.name";
    internal const string OperationName = "messaging.operation.name";
    internal const string OperationType = "messaging.operation.type";
    internal const string MessageId = "messaging.message.id";
    internal const string BodySize = "messaging.message.body.size";
    internal const string BatchCount = "messaging.batch.message_count";
    internal const string ErrorType = "error.type";
    internal const string TaskType = "mirai.task.type";
    internal const string TaskRetried = "mirai.task.retried";
    internal const string TaskOutcome = "mirai.task.outcome";
    internal const string TickOutcome = "mirai.tick.outcome";

    internal const string Send = "send";
    internal const string Receive = "receive";
    internal const string Process = "process";
    internal const string Settle = "settle";
}
