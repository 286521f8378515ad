using Mirai.Cache.Scripts;
using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Locks;

/// <summary>The commands about locks. Taking one goes through the gate; who holds one asks for it directly, also where
/// Redis counts as away: a lock is worth the attempt.</summary>
internal sealed class LockStore(IRedisCaller gate, IRedisCaller direct)
{
    // A lock that nobody took for that long begins again with Redis' clock.
    private static readonly TimeSpan FenceLifetime = TimeSpan.FromHours(24);

    public ValueTask<Answer<TakeReply>> TakeAsync(
        string key, string owner, CacheLockOptions options, CancellationToken cancellationToken) => gate.AskAsync(
        "take_lock",
        (key, owner, options),
        static async (database, wish) =>
        {
            RedisKey[] keys = [RedisNames.Lock(wish.key), RedisNames.Fence(wish.key)];
            var lifetime = wish.options.TimeToLive;
            var remembered = wish.options.IsFenced ? FenceLifetime + lifetime : TimeSpan.Zero;
            RedisValue[] arguments = [wish.owner, Milliseconds(lifetime), Milliseconds(remembered)];
            using var reply = await LuaScripts.TakeLock.RunAsync(database, keys, arguments).ConfigureAwait(false);

            return TakeReply.Read(reply);
        },
        cancellationToken);

    /// <returns>Whether the owner still has it.</returns>
    public ValueTask<Answer<bool>> RenewAsync(
        string key, string owner, TimeSpan timeToLive, CancellationToken cancellationToken) => direct.AskAsync(
        "renew_lock",
        (Script: LuaScripts.RenewLock, Key: RedisNames.Lock(key), owner, Argument: Milliseconds(timeToLive)),
        IsOwnedAsync,
        cancellationToken);

    /// <returns>Whether the owner still had it.</returns>
    public ValueTask<Answer<bool>> ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        direct.AskAsync(
            "release_lock",
            (LuaScripts.ReleaseLock, RedisNames.Lock(key), owner, (RedisValue)RedisNames.ReleaseChannel(key)),
            IsOwnedAsync,
            cancellationToken);

    private static async Task<bool> IsOwnedAsync(
        IDatabase database, (RedisScript Script, string Key, string Owner, RedisValue Argument) call)
    {
        RedisKey[] keys = [call.Key];
        RedisValue[] arguments = [call.Owner, call.Argument];
        using var reply = await call.Script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt64() == 1;
    }

    private static RedisValue Milliseconds(TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);
}
