using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Takes tasks. What a worker asks of its queues in one go becomes one script call over all of
/// them.</summary>
internal sealed class LegacyTakes(RedisConnection connection, TimeProvider time)
{
    /// <summary>Stands for the id of a task whose message cannot be read.</summary>
    public const string Unreadable = "unreadable";

    private readonly Lock gate = new();
    private List<LegacyTake>? round;

    public Task<TakenTasks> TakeAsync(string queue, int count)
    {
        var take = new LegacyTake(queue, count);
        bool isFirst;
        lock (gate)
        {
            isFirst = round is null;
            (round ??= []).Add(take);
        }

        if (isFirst)
        {
            _ = RunRoundAsync();
        }

        return take.Task;
    }

    public async Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.TakeWaiting.RunAsync(
            database,
            keys: (RedisKey[])
            [
                LegacyKeys.Queues, LegacyKeys.Paused, LegacyKeys.InProgress, LegacyKeys.Deadlines, LegacyKeys.Retry,
                LegacyKeys.Queue(queue),
            ],
            arguments: (RedisValue[])
            [
                WireTime.ToSeconds(time.GetUtcNow()),
                .. tasks.SelectMany(task => (RedisValue[])[task.Id, task.Due]),
            ]).ConfigureAwait(false);

        var reader = reply.Read();
        return new TakenTasks(ReadTasks(ref reader, reader.AggregateLength() / 2), Left: 0, Ghosts: 0);
    }

    private async Task RunRoundAsync()
    {
        await Task.Yield(); // whoever asked first is not done asking
        List<LegacyTake> takes;
        lock (gate)
        {
            takes = round!;
            round = null;
        }

        try
        {
            var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
            using var reply = await LegacyScripts.Take.RunAsync(database, Keys(takes), Arguments(takes))
                .ConfigureAwait(false);
            Settle(reply, takes);
        }
        catch (Exception exception)
        {
            takes.ForEach(take => take.TrySetException(exception));
        }
    }

    private static RedisKey[] Keys(List<LegacyTake> takes) =>
    [
        LegacyKeys.Queues, LegacyKeys.Paused, LegacyKeys.InProgress, LegacyKeys.Deadlines,
        .. takes.Select(take => (RedisKey)LegacyKeys.Queue(take.Queue)),
    ];

    private RedisValue[] Arguments(List<LegacyTake> takes) =>
    [
        WireTime.ToSeconds(time.GetUtcNow()), RedisStore.MostBytesPerTake,
        .. takes.Select(take => (RedisValue)take.Count),
    ];

    private static void Settle(RespResult reply, List<LegacyTake> takes)
    {
        var reader = reply.Read();
        foreach (var take in takes)
        {
            reader.MoveNext();
            var left = reader.ReadInt64();
            reader.MoveNext();
            var count = reader.ReadInt32();
            take.TrySetResult(new TakenTasks(ReadTasks(ref reader, count), left, Ghosts: 0));
        }
    }

    private static TakenTask[] ReadTasks(ref RESPite.Messages.RespReader reader, int count)
    {
        var tasks = new TakenTask[count];
        for (var i = 0; i < count; i++)
        {
            reader.MoveNext();
            var stored = reader.ReadByteArray()!;
            reader.MoveNext();
            var member = new StoredMember(stored, reader.ReadDouble());
            var message = LegacyMessage.Decode(stored)?.ToTaskMessage();
            tasks[i] = new TakenTask(message, message?.Id ?? Unreadable, PendingSince: 0, member);
        }

        return tasks;
    }
}
