using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    internal static readonly TimeSpan CounterLifetime = TimeSpan.FromDays(90);

    private const int Outcomes = (int)TaskOutcome.Dropped + 1;

    public async Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var counts = CountOutcomes(tasks);
        var order = OrderByOutcome(tasks, counts);
        var sorted = order is null ? tasks : Array.ConvertAll(order, position => tasks[position]);
        var keys = FinishKeys(QueueKeys.Of(queue), time.GetUtcNow());
        var arguments = FinishArguments(QueueKeys.Of(queue), sorted, counts, keys);
        using var reply = await LuaScripts.Finish.RunAsync(database, keys.ToArray(), arguments.Memory)
            .ConfigureAwait(false);
        arguments.Return();

        var lost = ReadPositions(reply);
        return order is null ? lost : lost.ConvertAll(position => order[position]);
    }

    private static int[] CountOutcomes(IReadOnlyList<FinishedTask> tasks)
    {
        var counts = new int[Outcomes];
        foreach (var task in tasks)
        {
            counts[(int)task.Outcome]++;
        }

        return counts;
    }

    // The script gets the tasks sorted by outcome, so that no task needs an argument for its outcome. In most calls
    // all tasks have the same outcome; then there is nothing to sort.
    private static int[]? OrderByOutcome(IReadOnlyList<FinishedTask> tasks, int[] counts) =>
        counts[(int)tasks[0].Outcome] == tasks.Count
            ? null
            : [.. Enumerable.Range(0, tasks.Count).OrderBy(position => tasks[position].Outcome)];

    private static List<RedisKey> FinishKeys(QueueKeys queue, DateTimeOffset now) =>
    [
        queue.Pending, queue.Active, queue.Lease,
        queue.Processed(now), queue.Failed(now),
        queue.ProcessedTotal, queue.FailedTotal,
        queue.Retry, queue.Archived, queue.Completed,
    ];

    private ScriptArguments FinishArguments(
        QueueKeys queue, IReadOnlyList<FinishedTask> tasks, int[] counts, List<RedisKey> keys)
    {
        const int Shared = 4, PerTask = 5;
        var arguments = new ScriptArguments(Shared + Outcomes + (PerTask * tasks.Count));
        arguments.Add(queue.TaskPrefix);
        arguments.Add(queue.WakeChannel);
        arguments.Add(WireTime.ToSeconds(time.GetUtcNow() + CounterLifetime));
        arguments.Add(long.MaxValue);
        foreach (var count in counts)
        {
            arguments.Add(count);
        }

        AddTasks(ref arguments, tasks);
        AddLocks(ref arguments, queue, tasks, keys);

        return arguments;
    }

    private static void AddTasks(ref ScriptArguments arguments, IReadOnlyList<FinishedTask> tasks)
    {
        foreach (var task in tasks)
        {
            arguments.Add(task.Lease.TaskId);
        }

        foreach (var task in tasks)
        {
            arguments.Add(task.Lease.Fence);
        }

        foreach (var task in tasks)
        {
            if (task.Outcome is > TaskOutcome.Requeued and < TaskOutcome.Dropped)
            {
                arguments.Add(task.Message);
                arguments.Add(task.Score);
            }
        }
    }

    // A lock outside this queue comes neither from Asynq nor from Mirai, and would lie in another slot of a cluster.
    private static void AddLocks(
        ref ScriptArguments arguments, QueueKeys queue, IReadOnlyList<FinishedTask> tasks, List<RedisKey> keys)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].ReleasedLock is { } lockKey
                && lockKey.StartsWith(queue.UniquePrefix, StringComparison.Ordinal))
            {
                keys.Add(lockKey);
                arguments.Add(i + 1); // Lua counts from 1
            }
        }
    }
}
