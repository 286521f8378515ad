using Mirai.Queue.Broker;

namespace Mirai.Queue.Server;

/// <summary>The signals that Mirai's own scripts publish: when a queue stops being empty, and when something is due
/// before all else.</summary>
internal sealed class PublishedWakeUps(IBroker broker, ServedQueues queues) : IWakeUpSource
{
    public Task<IAsyncDisposable> ListenAsync(Action<WakeUp> onWakeUp) =>
        broker.SubscribeWakeUpsAsync(queues.Entries, onWakeUp);
}
