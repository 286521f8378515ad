using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Takes tasks. The takes that a worker starts together, for several queues, become one script
/// call.</summary>
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
        await Task.Yield(); // the worker that started this take goes on to its other queues
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
            var member = new LegacyMember(stored, reader.ReadDouble());
            var message = LegacyMessage.Decode(stored)?.ToTaskMessage();
            tasks[i] = new TakenTask(message, message?.Id ?? Unreadable, PendingSince: 0, member);
        }

        return tasks;
    }
}

/// <summary>The take of one queue, as a part of one script call.</summary>
internal sealed class LegacyTake(string queue, int count)
    : TaskCompletionSource<TakenTasks>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Queue { get; } = queue;

    public int Count { get; } = count;
}

/// <summary>A running task, as this layout finds it: its message is a member of the deadlines.</summary>
/// <param name="Bytes">The message as it is stored.</param>
/// <param name="Score">The deadline that the take of this worker wrote.</param>
internal sealed record LegacyMember(ReadOnlyMemory<byte> Bytes, double Score);
