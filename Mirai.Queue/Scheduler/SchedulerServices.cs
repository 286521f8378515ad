using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Scheduler;

/// <summary>What the parts of a scheduler share.</summary>
internal sealed record SchedulerServices(
    ISchedulerStore Store,
    QueueSchedulerOptions Options,
    QueueMetrics Metrics,
    RedisHealth Health,
    TimeProvider Time,
    ILoggerFactory Loggers);
