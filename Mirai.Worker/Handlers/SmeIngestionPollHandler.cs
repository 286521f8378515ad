using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Gives a new task to documents that lost theirs.</summary>
internal sealed partial class SmeIngestionPollHandler(
    DocumentStore documents, ILogger<SmeIngestionPollHandler> logger)
    : ITaskHandler<SmeIngestionPoll>
{
    public async Task HandleAsync(SmeIngestionPoll task, TaskContext context, CancellationToken cancellationToken)
    {
        if (await documents.ReviveAsync(cancellationToken) is > 0 and var revived)
        {
            LogRevived(logger, revived);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} documents had lost their task; Mirai enqueued new ones. If this repeats, look for "
            + "workers that died, or for a Redis that evicts keys")]
    private static partial void LogRevived(ILogger logger, int count);
}
