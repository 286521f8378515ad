using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel) =>
        await SubscribeAsync([RedisChannel.Literal(RedisKeys.CancelChannel)], (_, taskId) => onCancel(taskId.ToString())).ConfigureAwait(false);

    public async Task PublishCancellationAsync(string taskId)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(RedisKeys.CancelChannel), taskId).ConfigureAwait(false);
    }

    public async Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp) =>
        await SubscribeWakeUpsAsync(queues, WakeChannel, RedisKeys.QueueOfWakeChannel, onWakeUp).ConfigureAwait(false);

    /// <summary>The same with channels of other names.</summary>
    internal async Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Func<string, RedisChannel> channelOf, Func<string, string> queueOf,
        Action<WakeUp> onWakeUp)
    {
        var subscription = await SubscribeAsync(
            queues.Select(channelOf),
            (channel, text) => onWakeUp(new WakeUp(queueOf(channel.ToString()), ReadDue(text)))).ConfigureAwait(false);

        // What was published while nobody listened is not published again.
        subscription.OnConnected(() => TellAll(queues, onWakeUp));
        return subscription;
    }

    private static RedisChannel WakeChannel(string queue) => QueuePattern.IsPattern(queue)
        ? RedisChannel.Pattern(RedisKeys.WakeChannelPattern(QueuePattern.Prefix(queue)))
        : RedisChannel.Literal(RedisKeys.WakeChannel(queue));

    private void TellAll(IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp)
    {
        foreach (var queue in queues)
        {
            onWakeUp(new WakeUp(queue, null));
            onWakeUp(new WakeUp(queue, time.GetUtcNow()));
        }
    }

    private async Task<RedisSubscription> SubscribeAsync(
        IEnumerable<RedisChannel> channels, Action<RedisChannel, RedisValue> onMessage)
    {
        var subscriber = (await connection.GetAsync().ConfigureAwait(false)).GetSubscriber();
        var subscription = new RedisSubscription(subscriber);
        try
        {
            foreach (var channel in channels)
            {
                await subscription.AddAsync(channel, onMessage).ConfigureAwait(false);
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
