using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>Subscribed channels of one owner. The client subscribes again by itself after a lost connection.</summary>
internal sealed class RedisSubscription(ISubscriber subscriber) : IAsyncDisposable
{
    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)> subscribed = [];
    private Action onConnected = () => { };

    /// <summary>Returns when Redis has confirmed.</summary>
    public async Task AddAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        subscribed.Add((channel, handler));
        await subscriber.SubscribeAsync(channel, handler).ConfigureAwait(false);
    }

    /// <summary>Calls back now, and whenever the connection is there again: messages may have been missed.</summary>
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
                // Redis is away, and with it the subscription.
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
