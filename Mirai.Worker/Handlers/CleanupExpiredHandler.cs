using Mirai.Cache;
using Mirai.Platform;
using Mirai.Platform.Cleanup;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Runs all cleanups. Running the task again deletes nothing.</summary>
internal sealed partial class CleanupExpiredHandler(
    IEnumerable<ICleanup> cleanups, ILogger<CleanupExpiredHandler> logger)
    : ITaskHandler<CleanupExpired>
{
    public async Task HandleAsync(CleanupExpired task, TaskContext context, CancellationToken cancellationToken)
    {
        // A cleanup that fails must not stop the others: what they delete would grow.
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

/// <summary>Deletes cache entries that no reader accepts any more.</summary>
internal sealed class CacheCleanup(ICache cache) : ICleanup
{
    public string What => "stale cache entries";

    // A cache that is away is no failure: the next run an hour later deletes the same entries.
    public async Task<long> RunAsync(CancellationToken cancellationToken = default) =>
        await cache.RemoveStaleAsync(cancellationToken) ?? 0;
}
