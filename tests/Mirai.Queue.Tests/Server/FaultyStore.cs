using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>A store behind a connection that can fail on command, before the command reaches Redis or
/// after.</summary>
internal sealed partial class FaultyStore(RedisStore inner) : IQueueStore
{
    private readonly Lock gate = new();
    private readonly List<string> calls = [];
    private readonly List<(string Call, TaskCompletionSource Returned)> awaited = [];
    private Func<string, Fault> plan = _ => Fault.None;

    public enum Fault
    {
        None,

        /// <summary>The command never reaches Redis.</summary>
        NotSent,

        /// <summary>Redis runs the command; its reply gets lost.</summary>
        ReplyLost,

        /// <summary>Redis refuses, and would again.</summary>
        Refused,
    }

    /// <summary>What Redis says about itself; <see langword="null"/> for the truth.</summary>
    public RedisFacts? Facts { get; set; }

    /// <summary>Whether Redis reads keys of several queues with one command.</summary>
    public bool CanLook { get; set; } = true;

    /// <summary>Names of the calls so far.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>What a call for a queue waits for before it reaches Redis; by the names of call and queue.</summary>
    public Func<string, string, Task> Gate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Decides for each call, by its name.</summary>
    public void Plan(Func<string, Fault> faults) => plan = faults;

    /// <summary>The first <paramref name="times"/> calls of a name fail.</summary>
    public void FailFirst(string call, int times, Fault fault)
    {
        var left = times;
        plan = name => name == call && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }

    public NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now) =>
        inner.CreateTask(task, options, now);

    /// <summary>Completes when the next call of a name has returned.</summary>
    public Task WhenReturned(string call)
    {
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            awaited.Add((call, returned));
        }

        return returned.Task;
    }

    public Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks) =>
        RunAsync(nameof(EnqueueAsync), async () =>
        {
            await inner.EnqueueAsync(route, tasks);
            return true;
        });

    public Task<bool> IsStoredAsync(NewTask task) => RunAsync(nameof(IsStoredAsync), () => inner.IsStoredAsync(task));

    public Task<TakenTasks> TakeAsync(string queue, int count, LeaseStamp lease, bool withPendingSince) =>
        RunAsync(nameof(TakeAsync), async () =>
        {
            await Gate(nameof(TakeAsync), queue);
            return await inner.TakeAsync(queue, count, lease, withPendingSince);
        });

    public Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, LeaseStamp lease) =>
        RunAsync(nameof(TakeWaitingAsync), () => inner.TakeWaitingAsync(queue, tasks, lease));

    public Task<IReadOnlyList<int>> FinishAsync(string queue, IReadOnlyList<FinishedTask> tasks) =>
        RunAsync(nameof(FinishAsync), async () =>
        {
            await Gate(nameof(FinishAsync), queue);
            return await inner.FinishAsync(queue, tasks);
        });

    public Task<IReadOnlyList<int>> ExtendLeaseAsync(
        string queue, IReadOnlyList<TaskLease> leases, long leaseExpiry) =>
        RunAsync(nameof(ExtendLeaseAsync), () => inner.ExtendLeaseAsync(queue, leases, leaseExpiry));

    public Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result) =>
        RunAsync(nameof(WriteResultAsync), () => inner.WriteResultAsync(lease, result));

    public Task<ForwardResult> ForwardAsync(string queue) =>
        RunAsync(nameof(ForwardAsync), async () =>
        {
            await Gate(nameof(ForwardAsync), queue);
            return await inner.ForwardAsync(queue);
        });

    public Task<ExpiredTasks> ListExpiredAsync(string queue, long expiredBefore, int skip, int count) =>
        RunAsync(nameof(ListExpiredAsync), () => inner.ListExpiredAsync(queue, expiredBefore, skip, count));

    public Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds) =>
        RunAsync(nameof(DropGhostsAsync), () => inner.DropGhostsAsync(queue, expiredBefore, taskIds));

    public Task<RepairedTasks> RepairActiveAsync(string queue, int skip, int count) =>
        RunAsync(nameof(RepairActiveAsync), () => inner.RepairActiveAsync(queue, skip, count));

    public Task<int> ReturnUntrackedAsync(string queue, LeaseStamp take, int count) =>
        RunAsync(nameof(ReturnUntrackedAsync), () => inner.ReturnUntrackedAsync(queue, take, count));

    public Task<int> DeleteExpiredCompletedAsync(string queue, int count) =>
        RunAsync(nameof(DeleteExpiredCompletedAsync), () => inner.DeleteExpiredCompletedAsync(queue, count));

    public Task<int> TrimArchiveAsync(string queue, int count) =>
        RunAsync(nameof(TrimArchiveAsync), () => inner.TrimArchiveAsync(queue, count));

    public Task<IReadOnlySet<string>> ListQueuesAsync() =>
        RunAsync(nameof(ListQueuesAsync), () => inner.ListQueuesAsync());

    public Task<long> WriteServerStateAsync(ServerState state, TimeSpan lifetime) =>
        RunAsync(nameof(WriteServerStateAsync), () => inner.WriteServerStateAsync(state, lifetime));

    public Task ClearServerStateAsync(ServerInfo server) => inner.ClearServerStateAsync(server);

    public Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel) =>
        RunAsync(nameof(SubscribeCancellationsAsync), () => inner.SubscribeCancellationsAsync(onCancel));

    public Task PublishCancellationAsync(string taskId) => inner.PublishCancellationAsync(taskId);

    public Task<IAsyncDisposable> SubscribeWakeUpsAsync(IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp) =>
        RunAsync(nameof(SubscribeWakeUpsAsync), () => inner.SubscribeWakeUpsAsync(queues, onWakeUp));

    public bool IsWatching => inner.IsWatching;

    public IAsyncDisposable WatchPending(Action<string?> onPending, Action<Exception> onUnavailable) =>
        inner.WatchPending(onPending, onUnavailable);

    public Task<IReadOnlyList<string>?> FindPendingAsync(IReadOnlyList<string> queues) =>
        RunAsync(nameof(FindPendingAsync), () => CanLook
            ? inner.FindPendingAsync(queues) : Task.FromResult<IReadOnlyList<string>?>(null));

    public Task<IReadOnlyList<string>> WatchAsync(IReadOnlyList<string> queues) =>
        RunAsync(nameof(WatchAsync), () => inner.WatchAsync(queues));

    public Task<IReadOnlyList<string>> FindUsedAsync(IReadOnlyList<string> queues, QueueUse use) =>
        RunAsync(nameof(FindUsedAsync), () => inner.FindUsedAsync(queues, use));

    public Task PingAsync() => inner.PingAsync();

    public Task<RedisFacts> ReadFactsAsync() => Facts is { } told ? Task.FromResult(told) : inner.ReadFactsAsync();

    private async Task<T> RunAsync<T>(string name, Func<Task<T>> call)
    {
        lock (gate)
        {
            calls.Add(name);
        }

        switch (plan(name))
        {
            case Fault.NotSent:
                throw Away(CommandStatus.WaitingToBeSent);
            case Fault.ReplyLost:
                await call();
                throw Away(CommandStatus.Sent);
            case Fault.Refused:
                throw new RedisServerException(RedisErrorKind.WrongType, CommandFlags.None, "WRONGTYPE on purpose");
            default:
                var result = await call();
                Complete(name);
                return result;
        }
    }

    private void Complete(string name)
    {
        lock (gate)
        {
            awaited.FindAll(waiting => waiting.Call == name).ForEach(waiting => waiting.Returned.SetResult());
            awaited.RemoveAll(waiting => waiting.Call == name);
        }
    }

    private static RedisConnectionException Away(CommandStatus status) => new(
        ConnectionFailureType.SocketClosed, CommandFlags.None, "Redis is away on purpose.", null, status);
}
