using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    internal static readonly TimeSpan CounterLifetime = TimeSpan.FromDays(90);

    public async Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var order = OutcomeOrder.Of(tasks);
        var keys = FinishKeys(queue, time.GetUtcNow());
        var arguments = FinishArguments(queue, order, keys);
        using var reply = await LuaScripts.Finish.RunAsync(database, keys.ToArray(), arguments.Memory)
            .ConfigureAwait(false);
        arguments.Return();

        return order.ToOriginal(ReadPositions(reply));
    }

    private static List<RedisKey> FinishKeys(string queue, DateTimeOffset now) =>
    [
        RedisKeys.Pending(queue), RedisKeys.Active(queue), RedisKeys.Lease(queue),
        RedisKeys.Processed(queue, now), RedisKeys.Failed(queue, now),
        RedisKeys.ProcessedTotal(queue), RedisKeys.FailedTotal(queue),
        RedisKeys.Retry(queue), RedisKeys.Archived(queue), RedisKeys.Completed(queue),
    ];

    private ScriptArguments FinishArguments(string queue, OutcomeOrder order, List<RedisKey> keys)
    {
        const int Shared = 4, PerTask = 5;
        var arguments = new ScriptArguments(Shared + OutcomeOrder.Outcomes + (PerTask * order.Tasks.Count));
        arguments.Add(RedisKeys.TaskPrefix(queue));
        arguments.Add(RedisKeys.WakeChannel(queue));
        arguments.Add(WireTime.ToSeconds(time.GetUtcNow() + CounterLifetime));
        arguments.Add(long.MaxValue);
        foreach (var count in order.Counts)
        {
            arguments.Add(count);
        }

        AddTasks(ref arguments, order.Tasks);
        AddLocks(ref arguments, queue, order.Tasks, keys);

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
            arguments.Add(task.Lease.Written);
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

    // A lock outside this queue cannot come from Asynq or Mirai, and would reach into another slot of a cluster.
    private static void AddLocks(
        ref ScriptArguments arguments, string queue, IReadOnlyList<FinishedTask> tasks, List<RedisKey> keys)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].ReleasedLock is { } lockKey
                && lockKey.StartsWith(RedisKeys.UniquePrefix(queue), StringComparison.Ordinal))
            {
                keys.Add(lockKey);
                arguments.Add(i + 1); // Lua counts from 1
            }
        }
    }
}
