using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The layout up to Asynq 0.11 (keys <c>asynq:queues:&lt;queue&gt;</c> and sets of all queues together). A
/// task is its message: it is removed by value, so the bytes that were taken are kept and never encoded
/// again.</summary>
/// <param name="connection">Redis.</param>
/// <param name="common">What does not depend on the layout.</param>
/// <param name="options">Settings that producers and workers share.</param>
/// <param name="time">The clock.</param>
internal sealed partial class LegacyStore(
    RedisConnection connection, RedisStore common, QueueOptions options, TimeProvider time) : IQueueStore
{
    private readonly LegacyTakes takes = new(connection, time);

    public Task<TakenTasks> TakeAsync(string queue, int count, LeaseStamp lease, bool withPendingSince) =>
        takes.TakeAsync(queue, count);

    public Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, LeaseStamp lease) =>
        takes.TakeWaitingAsync(queue, tasks);

    public Task PingAsync() => common.PingAsync();

    public Task<RedisFacts> ReadFactsAsync() => common.ReadFactsAsync();

    public Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel) =>
        common.SubscribeCancellationsAsync(onCancel);

    public Task PublishCancellationAsync(string taskId) => common.PublishCancellationAsync(taskId);

    public Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp) => common.SubscribeWakeUpsAsync(
        queues, WakeChannel, channel => channel[LegacyKeys.WakePrefix.Length..], onWakeUp);

    private static RedisChannel WakeChannel(string queue) => QueuePattern.IsPattern(queue)
        ? RedisChannel.Pattern(LegacyKeys.Wake(Glob.Escape(QueuePattern.Prefix(queue))) + "*")
        : RedisChannel.Literal(LegacyKeys.Wake(queue));
}
