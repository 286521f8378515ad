using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;

namespace Mirai.Queue.Legacy;

/// <summary>Moves what old producers still enqueue to the current layout. Paused queues wait; running and dead tasks
/// are left to workers of the legacy layout and to the migration.</summary>
internal sealed partial class LegacyDrainer(
    RedisConnection connection, LegacyMover mover, RedisHealth health, TimeProvider time, ILogger<LegacyDrainer> logger)
    : Loop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = logger;
    private int known;

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var paused = (await database.SetMembersAsync(LegacyKeys.Paused).ConfigureAwait(false)).ToHashSet();
        var lists = (await database.SetMembersAsync(LegacyKeys.Queues).ConfigureAwait(false))
            .Where(key => LegacyKeys.IsQueue(key.ToString()) && !paused.Contains(key));
        var left = 0;
        foreach (var list in lists)
        {
            left += await DrainAsync(LegacyPlace.Queue(list.ToString()), cancellationToken).ConfigureAwait(false);
        }

        foreach (var place in LegacyPlace.Sets.Where(place => place.State != TaskState.Archived))
        {
            left += await DrainAsync(place, cancellationToken).ConfigureAwait(false);
        }

        Report(left);

        return Interval;
    }

    private async Task<int> DrainAsync(LegacyPlace place, CancellationToken cancellationToken)
    {
        var (left, total) = (0, 0);
        LegacyMove step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = await mover.MoveAsync(place, left).ConfigureAwait(false);
            left += step.Left.Count;
            total += step.Moved.Values.Sum();
        }
        while (step.Read == LegacyMover.Batch);

        if (total > 0)
        {
            LogMoved(logger, total, place.Key);
        }
        else if (place.IsList && step.Read == 0)
        {
            await mover.RegisterAsync(place).ConfigureAwait(false);
        }

        return left;
    }

    // Once, and again when there are others: what is left stays until somebody looks after it.
    private void Report(int left)
    {
        if (left > known)
        {
            LogLeft(logger, left);
        }

        known = left;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Moved {Count} tasks from {Key} to the current layout")]
    private static partial void LogMoved(ILogger logger, int count, string key);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Count} tasks of the legacy layout cannot be moved: they cannot be read, or their id is taken. "
            + "A dry run of the migration names them")]
    private static partial void LogLeft(ILogger logger, int count);
}
