using Mirai.Platform;
using Mirai.Platform.Documents;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Gives documents whose task was lost a new one.</summary>
internal sealed partial class SmeIngestionPollHandler(
    IDocumentStore documents, ILogger<SmeIngestionPollHandler> logger)
    : ITaskHandler<SmeIngestionPoll>
{
    public async Task HandleAsync(SmeIngestionPoll task, TaskContext context, CancellationToken cancellationToken)
    {
        if (await documents.ReviveAsync(cancellationToken) is > 0 and var revived)
        {
            LogRevived(logger, revived);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} documents had lost their task, and have a new one")]
    private static partial void LogRevived(ILogger logger, int count);
}
