using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Local;

/// <summary>Hears what other Mirai processes change.</summary>
/// <remarks>It counts as hearing only after it has heard itself on the same channel: a subscription that the client
/// believes in, or that is about to be renewed after a lost connection, may hear nothing.</remarks>
internal sealed class ChangeListener(
    RedisConnection connection, ChangeMessages messages, LocalLevel local, Action<Invalidation> onChange,
    Action forgetAll,
    TimeProvider time)
    : IAsyncDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal(RedisNames.ChangesChannel);
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private DateTimeOffset nextAttempt = DateTimeOffset.MinValue;
    private IConnectionMultiplexer? subscribed;
    private volatile bool isHearing;

    /// <summary>Whether news arrive. Asking makes it try, now and then.</summary>
    public bool IsHearing
    {
        get
        {
            if (!isHearing)
            {
                TryNow();
            }

            return isHearing;
        }
    }

    public async ValueTask DisposeAsync()
    {
        isHearing = false;
        if (subscribed is not { } multiplexer)
        {
            return;
        }

        multiplexer.ConnectionFailed -= OnConnectionFailed;
        multiplexer.ConnectionRestored -= OnConnectionRestored;
        try
        {
            await multiplexer.GetSubscriber().UnsubscribeAsync(Channel, OnMessage, CommandFlags.FireAndForget)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.TryInterpret(exception, out _))
        {
            // Redis is away, and with it the subscription.
        }
    }

    private void TryNow()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now < nextAttempt)
            {
                return;
            }

            nextAttempt = now + PauseBetweenAttempts;
        }

        _ = ListenAsync();
    }

    private async Task ListenAsync()
    {
        try
        {
            var multiplexer = await connection.GetAsync().ConfigureAwait(false);
            var subscriber = multiplexer.GetSubscriber();
            if (Interlocked.CompareExchange(ref subscribed, multiplexer, null) is null)
            {
                multiplexer.ConnectionFailed += OnConnectionFailed;
                multiplexer.ConnectionRestored += OnConnectionRestored;

                // The client keeps the handler, and subscribes again by itself after a lost connection.
                await subscriber.SubscribeAsync(Channel, OnMessage).ConfigureAwait(false);
            }

            await subscriber.PublishAsync(Channel, messages.Hello()).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.TryInterpret(exception, out _))
        {
            // Redis is away; whoever asks next tries again.
        }
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        var change = messages.Read(message.ToString(), out var isHello);
        if (isHello && !isHearing)
        {
            // What was read until now may have missed something.
            local.Clear();
            isHearing = true;
        }
        else if (change is not null)
        {
            onChange(change);
        }
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs e)
    {
        isHearing = false;
        forgetAll();
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        isHearing = false;
        _ = ListenAsync();
    }
}
