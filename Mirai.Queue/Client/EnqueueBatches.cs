using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>Cuts tasks into script calls: one route each, bounded in number and size.</summary>
internal static class EnqueueBatches
{
    /// <summary>Most tasks of one script call: below 2 ms of Redis' time.</summary>
    public const int MostTasks = 500;

    /// <summary>Most bytes of one script call, unless a single task is larger.</summary>
    public const int MostBytes = 1024 * 1024;

    public static IEnumerable<(EnqueueRoute Route, List<NewTask> Tasks)> Cut(IEnumerable<NewTask> tasks)
    {
        var open = new Dictionary<EnqueueRoute, (List<NewTask> Tasks, int Bytes)>();
        foreach (var task in tasks)
        {
            var batch = open.GetValueOrDefault(task.Route, ([], 0));
            if (batch.Tasks.Count == MostTasks
                || (batch.Tasks.Count > 0 && batch.Bytes + task.Encoded.Length > MostBytes))
            {
                yield return (task.Route, batch.Tasks);
                batch = ([], 0);
            }

            batch.Tasks.Add(task);
            open[task.Route] = (batch.Tasks, batch.Bytes + task.Encoded.Length);
        }

        foreach (var (route, batch) in open)
        {
            yield return (route, batch.Tasks);
        }
    }
}
