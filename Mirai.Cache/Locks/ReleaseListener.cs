using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Locks;

/// <summary>Hears when one lock is given back by a Mirai process.</summary>
internal sealed class ReleaseListener(IRedisCaller redis, string key) : IAsyncDisposable
{
    private readonly RedisChannel channel = RedisChannel.Literal(RedisNames.ReleaseChannel(key));
    private TaskCompletionSource next = New();
    private ISubscriber? subscriber;

    /// <summary>Ends with the next release. To be taken before the lock is tried: a release in between is not missed
    /// then.</summary>
    public Task NextRelease => Volatile.Read(ref next).Task;

    /// <summary>Returns when Redis has confirmed, or is away: then nothing is heard.</summary>
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
        catch (Exception exception) when (RedisFaults.TryInterpret(exception, out _))
        {
            // Redis is away, and with it the subscription.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnRelease(RedisChannel from, RedisValue message) =>
        Interlocked.Exchange(ref next, New()).TrySetResult();
}
