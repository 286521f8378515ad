using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Faults.Worker;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Harness;

/// <summary>A worker of Go Asynq as Redis sees one: what it writes when it takes, renews and completes tasks, with
/// leases of whole seconds. Disposal is its death: nothing is cleaned up.</summary>
internal sealed class GoWorker : IAsyncDisposable
{
    private readonly IDatabase redis;
    private readonly string queue;
    private readonly WorkerTimes times;
    private readonly string name = $"go-host:4711:{Guid.NewGuid()}";
    private readonly List<string> taken = [];
    private readonly CancellationTokenSource death = new();
    private readonly Task beating;

    private GoWorker(IDatabase redis, string queue, WorkerTimes times)
    {
        (this.redis, this.queue, this.times) = (redis, queue, times);
        beating = BeatAsync();
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private long LeaseEnd => Now + (long)times.Lease.TotalSeconds;

    private long ServerEnd => Now + (long)times.ServerLifetime.TotalSeconds;

    /// <summary>Starts a worker that takes every waiting task of a queue.</summary>
    public static async Task<GoWorker> StartAsync(IDatabase redis, string queue, WorkerTimes times)
    {
        var worker = new GoWorker(redis, queue, times);
        while (await worker.TakeAsync())
        {
            // Until the queue is empty.
        }

        await worker.BeatOnceAsync();
        return worker;
    }

    /// <summary>Writes a success.</summary>
    /// <returns>Whether the task was this worker's, to judge by what Go looks at: "NOT FOUND" otherwise.</returns>
    public async Task<bool> CompleteAsync(string id)
    {
        lock (taken)
        {
            taken.Remove(id);
        }

        var hash = $"asynq:{{{queue}}}:t:{id}";
        if (await redis.ListRemoveAsync($"asynq:{{{queue}}}:active", id) == 0
            || !await redis.SortedSetRemoveAsync($"asynq:{{{queue}}}:lease", id))
        {
            return false;
        }

        var message = TaskMessage.Parser.ParseFrom((byte[])(await redis.HashGetAsync(hash, "msg"))!);
        message.CompletedAt = Now;
        await redis.SortedSetAddAsync($"asynq:{{{queue}}}:completed", id, Now + message.Retention);
        await redis.HashSetAsync(hash, [new("msg", message.ToByteArray()), new("state", "completed")]);
        await redis.StringIncrementAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"asynq:{{{queue}}}:processed:{TimeProvider.System.GetUtcNow():yyyy-MM-dd}"));
        await redis.StringIncrementAsync($"asynq:{{{queue}}}:processed");

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await death.CancelAsync();
        await beating;
        death.Dispose();
    }

    private async Task<bool> TakeAsync()
    {
        var id = (string?)await redis.ListRightPopLeftPushAsync(
            $"asynq:{{{queue}}}:pending", $"asynq:{{{queue}}}:active");
        if (id is null)
        {
            return false;
        }

        await redis.HashSetAsync($"asynq:{{{queue}}}:t:{id}", "state", "active");
        await redis.HashDeleteAsync($"asynq:{{{queue}}}:t:{id}", "pending_since");
        await redis.SortedSetAddAsync($"asynq:{{{queue}}}:lease", id, LeaseEnd);
        lock (taken)
        {
            taken.Add(id);
        }

        return true;
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(times.Heartbeat, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(death.Token))
            {
                await BeatOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The worker is dead.
        }
    }

    private async Task BeatOnceAsync()
    {
        string[] ids;
        lock (taken)
        {
            ids = [.. taken];
        }

        await redis.SortedSetAddAsync("asynq:servers", $"asynq:servers:{{{name}}}", ServerEnd);
        await redis.SortedSetAddAsync("asynq:workers", $"asynq:workers:{{{name}}}", ServerEnd);
        await redis.StringSetAsync(
            $"asynq:servers:{{{name}}}", NewServerInfo(ids.Length).ToByteArray(),
            times.ServerLifetime);
        await redis.KeyDeleteAsync($"asynq:workers:{{{name}}}");
        foreach (var id in ids)
        {
            await redis.HashSetAsync($"asynq:workers:{{{name}}}", id, NewWorkerInfo(id).ToByteArray());
            await redis.SortedSetUpdateAsync($"asynq:{{{queue}}}:lease", id, LeaseEnd, SortedSetWhen.Exists);
        }

        await redis.KeyExpireAsync($"asynq:workers:{{{name}}}", times.ServerLifetime);
    }

    private ServerInfo NewServerInfo(int active) => new()
    {
        Host = "go-host", Pid = 4711, ServerId = name[(name.LastIndexOf(':') + 1)..], Concurrency = 10,
        Queues = { [queue] = 1 }, Status = "active", ActiveWorkerCount = active,
        StartTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
    };

    private WorkerInfo NewWorkerInfo(string id) => new()
    {
        Host = "go-host", Pid = 4711, ServerId = name[(name.LastIndexOf(':') + 1)..], TaskId = id, TaskType = "wait",
        Queue = queue, StartTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        Deadline = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(30)),
    };
}
