using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<IAsyncDisposable> SubscribeCancellationsAsync(Action<string> onCancel) =>
        await SubscribeAsync(
            [RedisChannel.Literal(SharedKeys.CancelChannel)], (_, taskId) => onCancel(taskId.ToString()))
            .ConfigureAwait(false);

    public async Task PublishCancellationAsync(string taskId)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(SharedKeys.CancelChannel), taskId).ConfigureAwait(false);
    }

    public async Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Action<WakeUp> onWakeUp) =>
        await SubscribeWakeUpsAsync(queues, WakeChannel, QueueKeys.QueueOfWakeChannel, onWakeUp).ConfigureAwait(false);

    /// <summary>Subscribes to wake channels with other names.</summary>
    internal async Task<IAsyncDisposable> SubscribeWakeUpsAsync(
        IReadOnlyCollection<string> queues, Func<string, RedisChannel> channelOf, Func<string, string> queueOf,
        Action<WakeUp> onWakeUp)
    {
        var subscription = await SubscribeAsync(
            queues.Select(channelOf),
            (channel, text) => OnSignal(queueOf(channel.ToString()), ReadDue(text), onWakeUp)).ConfigureAwait(false);

        // Redis does not repeat what it published while the connection was down.
        subscription.OnConnected(() => onWakeUp(default));
        return subscription;
    }

    private void OnSignal(string queue, DateTimeOffset? due, Action<WakeUp> onWakeUp)
    {
        if (due is null)
        {
            pending?.Remove(queue);
        }

        onWakeUp(new WakeUp(queue, due));
    }

    private static RedisChannel WakeChannel(string queue) => QueuePattern.IsPattern(queue)
        ? RedisChannel.Pattern(QueueKeys.WakeChannelPattern(QueuePattern.Prefix(queue)))
        : RedisChannel.Literal(QueueKeys.Of(queue).WakeChannel);

    private async Task<RedisSubscription> SubscribeAsync(
        IEnumerable<RedisChannel> channels, Action<RedisChannel, RedisValue> onMessage)
    {
        var subscriber = (await connection.GetAsync().ConfigureAwait(false)).GetSubscriber();
        var subscription = new RedisSubscription(subscriber);
        try
        {
            // Side by side: a thousand queues would be a thousand round trips one after the other.
            await Task.WhenAll([.. channels.Select(channel => subscription.AddAsync(channel, onMessage))])
                .ConfigureAwait(false);
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

/// <summary>News for idle workers.</summary>
/// <param name="Queue">The queue; <see langword="null"/> when signals may have been lost: any queue may have pending
/// tasks, and earlier due times.</param>
/// <param name="DueAt">When a task is due; <see langword="null"/> when a task is pending.</param>
internal readonly record struct WakeUp(string? Queue, DateTimeOffset? DueAt);

/// <summary>The subscribed channels of one owner. After a lost connection the client library subscribes
/// again.</summary>
internal sealed class RedisSubscription(ISubscriber subscriber) : IAsyncDisposable
{
    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)> subscribed = [];
    private Action onConnected = () => { };

    /// <summary>Subscribes; returns when Redis has confirmed.</summary>
    public async Task AddAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        subscribed.Add((channel, handler));
        await subscriber.SubscribeAsync(channel, handler).ConfigureAwait(false);
    }

    /// <summary>Calls back now, and whenever the connection is restored: messages may have been lost.</summary>
    public void OnConnected(Action callback)
    {
        onConnected = callback;
        subscriber.Multiplexer.ConnectionRestored += OnRestored;
        callback();
    }

    public async ValueTask DisposeAsync()
    {
        subscriber.Multiplexer.ConnectionRestored -= OnRestored;
        foreach (var (channel, handler) in subscribed)
        {
            try
            {
                await subscriber.UnsubscribeAsync(channel, handler, CommandFlags.FireAndForget).ConfigureAwait(false);
            }
            catch (RedisException)
            {
                // Redis is away: the subscription ended with the connection.
            }
        }
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Subscription)
        {
            onConnected();
        }
    }
}
