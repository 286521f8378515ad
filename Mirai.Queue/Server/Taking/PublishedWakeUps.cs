using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>The signals that Mirai's own scripts publish: when a queue stops being empty, and when something is due
/// before all else.</summary>
internal sealed class PublishedWakeUps(IQueueStore store, ServedQueues queues) : IWakeUpSource
{
    public Task<IAsyncDisposable> ListenAsync(Action<WakeUp> onWakeUp) =>
        store.SubscribeWakeUpsAsync(queues.Entries, onWakeUp);
}
