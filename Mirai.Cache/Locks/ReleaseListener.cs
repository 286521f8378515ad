using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Locks;

/// <summary>Receives the message that a Mirai process has released one lock.</summary>
internal sealed class ReleaseListener(IRedisCaller redis, string key) : IAsyncDisposable
{
    private readonly RedisChannel channel = RedisChannel.Literal(RedisNames.ReleaseChannel(key));
    private TaskCompletionSource next = New();
    private ISubscriber? subscriber;

    /// <summary>A task that ends with the next release. Read it before an attempt, so that a release during the
    /// attempt is not missed.</summary>
    public Task NextRelease => Volatile.Read(ref next).Task;

    /// <summary>Subscribes. Returns when Redis has confirmed the subscription, or is away: then no message
    /// arrives.</summary>
    public async ValueTask ListenAsync(CancellationToken cancellationToken)
    {
        await redis.AskAsync(
            "subscribe", this,
            static async (database, self) =>
            {
                self.subscriber = database.Multiplexer.GetSubscriber();
                await self.subscriber.SubscribeAsync(self.channel, self.OnRelease).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (subscriber is null)
        {
            return;
        }

        try
        {
            await subscriber.UnsubscribeAsync(channel, OnRelease, CommandFlags.FireAndForget).ConfigureAwait(false);
        }
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out _))
        {
            // Redis is away, and the subscription with it.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnRelease(RedisChannel from, RedisValue message) =>
        Interlocked.Exchange(ref next, New()).TrySetResult();
}
