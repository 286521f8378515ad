using Mirai.Platform;
using Mirai.Platform.Cleanup;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Runs every clean-up there is. Running it again deletes nothing.</summary>
internal sealed partial class CleanupExpiredHandler(
    IEnumerable<ICleanup> cleanups, ILogger<CleanupExpiredHandler> logger)
    : ITaskHandler<CleanupExpired>
{
    public async Task HandleAsync(CleanupExpired task, TaskContext context, CancellationToken cancellationToken)
    {
        // What is broken in one place must not let the others grow.
        var failures = new List<Exception>();
        foreach (var cleanup in cleanups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var deleted = await cleanup.RunAsync(cancellationToken);
                LogDeleted(logger, deleted, cleanup.What);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(new InvalidOperationException(
                    $"Cleaning up {cleanup.What} failed: {exception.Message}", exception));
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} {What}")]
    private static partial void LogDeleted(ILogger logger, long count, string what);
}
