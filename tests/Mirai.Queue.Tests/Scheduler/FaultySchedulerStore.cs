using Mirai.Queue.Store;
using Mirai.Queue.Tests.Server;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Scheduler;

/// <summary>A scheduler's way to Redis that can fail on command, before a command reaches Redis or after.</summary>
internal sealed class FaultySchedulerStore(ISchedulerStore inner) : ISchedulerStore
{
    private Func<string, FaultyStore.Fault> plan = _ => FaultyStore.Fault.None;

    /// <summary>Decides for each call, by its name.</summary>
    public void Plan(Func<string, FaultyStore.Fault> faults) => plan = faults;

    /// <summary>The next <paramref name="times"/> calls of a name fail.</summary>
    public void FailNext(string call, int times, FaultyStore.Fault fault)
    {
        var left = times;
        plan = name => name == call && Interlocked.Decrement(ref left) >= 0 ? fault : FaultyStore.Fault.None;
    }

    public NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now) =>
        inner.CreateTask(task, options, now);

    public Task<PeriodicCursor> RegisterEntryAsync(
        PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime) =>
        RunAsync(nameof(RegisterEntryAsync), () => inner.RegisterEntryAsync(key, spec, since, lifetime));

    public Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task) =>
        RunAsync(nameof(EnqueueTickAsync), () => inner.EnqueueTickAsync(order, task));

    public Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded) =>
        RunAsync(nameof(RecordEventAsync), () => Done(inner.RecordEventAsync(entryId, recorded)));

    public Task WriteEntriesAsync(SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime) =>
        RunAsync(nameof(WriteEntriesAsync), () => Done(inner.WriteEntriesAsync(scheduler, entries, lifetime)));

    public Task ClearEntriesAsync(SchedulerName scheduler) =>
        RunAsync(nameof(ClearEntriesAsync), () => Done(inner.ClearEntriesAsync(scheduler)));

    public Task ClearHistoryAsync(IReadOnlyList<string> entryIds) =>
        RunAsync(nameof(ClearHistoryAsync), () => Done(inner.ClearHistoryAsync(entryIds)));

    private async Task<T> RunAsync<T>(string name, Func<Task<T>> call)
    {
        switch (plan(name))
        {
            case FaultyStore.Fault.NotSent:
                throw Away(CommandStatus.WaitingToBeSent);
            case FaultyStore.Fault.ReplyLost:
                await call();
                throw Away(CommandStatus.Sent);
            case FaultyStore.Fault.Refused:
                throw new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM on purpose");
            default:
                return await call();
        }
    }

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    private static RedisConnectionException Away(CommandStatus status) => new(
        ConnectionFailureType.SocketClosed, CommandFlags.None, "Redis is away on purpose.", null, status);
}
