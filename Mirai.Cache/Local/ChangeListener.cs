using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Local;

/// <summary>Receives the changes that other Mirai processes report.</summary>
/// <remarks>It counts as hearing only after it has received its own hello on the same channel: a subscription that
/// the client believes in, or renews after a lost connection, may receive nothing yet.</remarks>
internal sealed class ChangeListener(
    RedisConnection connection, ChangeMessages messages, LocalLevel local, Action<Invalidation> onChange,
    Action forgetAll, TimeProvider time) : IAsyncDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal(RedisNames.ChangesChannel);
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private DateTimeOffset nextAttempt = DateTimeOffset.MinValue;
    private IConnectionMultiplexer? subscribed;
    private volatile bool isHearing;

    /// <summary>Whether changes arrive. While they do not, reading this property makes it subscribe, at most once a
    /// second.</summary>
    public bool IsHearing
    {
        get
        {
            if (!isHearing)
            {
                TryListen();
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
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out _))
        {
            // Redis is away, and the subscription with it.
        }
    }

    private void TryListen()
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

                // The client remembers the handler, and subscribes again by itself after a lost connection.
                await subscriber.SubscribeAsync(Channel, OnMessage).ConfigureAwait(false);
            }

            await subscriber.PublishAsync(Channel, messages.Hello()).ConfigureAwait(false);
        }
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out _))
        {
            // Redis is away; the next read of IsHearing tries again.
        }
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        var change = messages.Read(message.ToString(), out var isHello);
        if (isHello && !isHearing)
        {
            // Copies that were made until now may have missed a change.
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
