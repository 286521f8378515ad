using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>The channels that one owner has subscribed to. After a lost connection StackExchange.Redis subscribes
/// again.</summary>
internal sealed class RedisSubscription(ISubscriber subscriber) : IAsyncDisposable
{
    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)> subscribed = [];
    private Action onConnected = () => { };

    /// <summary>Subscribes, and returns when Redis has confirmed.</summary>
    public async Task AddAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        subscribed.Add((channel, handler));
        await subscriber.SubscribeAsync(channel, handler).ConfigureAwait(false);
    }

    /// <summary>Calls back now, and whenever a lost connection is restored: messages may have been missed.</summary>
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
                // Redis is away, and the subscription ended with the connection.
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
