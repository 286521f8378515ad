namespace Mirai.Queue.Legacy;

/// <summary>Adds up what the steps of a migration did.</summary>
internal sealed class LegacyTally
{
    private const int MostLeft = 1_000;

    private readonly SortedDictionary<string, LegacyQueueReport> queues = new(StringComparer.Ordinal);
    private readonly List<LegacyLeftTask> left = [];
    private int leftCount;

    public void AddPause(string queue) => queues[queue] = Of(queue) with { Paused = true };

    public void Add(LegacyPlace place, LegacyMove step)
    {
        foreach (var (queue, count) in step.Moved)
        {
            var report = Of(queue);
            queues[queue] = place.State switch
            {
                TaskState.Pending => report with { Pending = report.Pending + count },
                TaskState.Scheduled => report with { Scheduled = report.Scheduled + count },
                TaskState.Retry => report with { Retry = report.Retry + count },
                _ => report with { Archived = report.Archived + count },
            };
        }

        leftCount += step.Left.Count;
        left.AddRange(step.Left.Take(MostLeft - left.Count));
    }

    public LegacyMigrationReport ToReport(bool isDryRun) => new()
    {
        IsDryRun = isDryRun,
        Queues = [.. queues.Values],
        Left = left,
        LeftCount = leftCount,
    };

    private LegacyQueueReport Of(string queue) =>
        queues.TryGetValue(queue, out var report) ? report : new LegacyQueueReport { Queue = queue };
}
