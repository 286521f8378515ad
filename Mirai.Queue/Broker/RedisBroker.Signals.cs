using System.Globalization;
using Mirai.Queue.Protocol;
using StackExchange.Redis;

namespace Mirai.Queue.Broker;

internal sealed partial class RedisBroker
{
    public async Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel) =>
        await SubscribeAsync([RedisKeys.CancelChannel], (_, taskId) => onCancel(taskId.ToString())).ConfigureAwait(false);

    public async Task PublishCancellationAsync(string taskId)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(RedisKeys.CancelChannel), taskId).ConfigureAwait(false);
    }

    public async Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp)
    {
        var byChannel = queues.ToDictionary(RedisKeys.WakeChannel);
        var subscription = await SubscribeAsync(
            byChannel.Keys,
            (channel, text) => onWakeUp(new WakeUp(byChannel[channel.ToString()], ReadDue(text)))).ConfigureAwait(false);

        // What was published while nobody listened is not published again.
        subscription.OnConnected(() => TellAll(queues, onWakeUp));
        return subscription;
    }

    private void TellAll(IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp)
    {
        foreach (var queue in queues)
        {
            onWakeUp(new WakeUp(queue, null));
            onWakeUp(new WakeUp(queue, time.GetUtcNow()));
        }
    }

    private async Task<RedisSubscription> SubscribeAsync(
        IEnumerable<string> channels, Action<RedisChannel, RedisValue> onMessage)
    {
        var subscriber = (await connection.GetAsync().ConfigureAwait(false)).GetSubscriber();
        var subscription = new RedisSubscription(subscriber);
        try
        {
            foreach (var channel in channels)
            {
                await subscription.AddAsync(RedisChannel.Literal(channel), onMessage).ConfigureAwait(false);
            }
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return subscription;
    }

    private static DateTimeOffset? ReadDue(RedisValue text) =>
        long.TryParse(text.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds)
            ? WireTime.FromSeconds(seconds)
            : null;
}
