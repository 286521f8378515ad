using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Running;

/// <summary>Puts tasks back whose type no handler of this worker knows, and says so: once per type, for the tasks come
/// again and again.</summary>
internal sealed partial class UnknownTypes(AttemptPolicy policy, QueueMetrics metrics, ILogger logger)
{
    // Types come from producers: a mistake there must not fill the memory.
    private const int MostReported = 1_000;

    private readonly ConcurrentDictionary<string, bool> reported = new(StringComparer.Ordinal);

    public FinishedTask PutBack(TaskAttempt attempt, HandlerNotFoundException exception)
    {
        var finished = policy.PutBack(attempt, attempt.Message, exception);
        metrics.UnknownType(attempt.Queue, exception.TaskType);
        if (reported.Count < MostReported && reported.TryAdd(exception.TaskType, true))
        {
            LogUnknown(logger, exception.TaskType, attempt.TaskId, attempt.Queue);
        }

        return finished;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "This worker has no handler for tasks of type {TaskType}, such as {TaskId} of queue {Queue}: they " +
            "go back uncharged, each time for longer")]
    private static partial void LogUnknown(ILogger logger, string taskType, string taskId, string queue);
}
