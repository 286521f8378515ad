using System.Globalization;
using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Locks;

/// <summary>The commands on locks. A lock is taken through the gate. Renewal and release call Redis directly, also
/// while Redis counts as away: to keep a lock is worth the attempt.</summary>
internal sealed class LockStore(IRedisCaller gate, IRedisCaller direct)
{
    private static readonly RedisScript TakeLock = RedisScript.Read(typeof(LockStore).Assembly, "take_lock");
    private static readonly RedisScript RenewLock = RedisScript.Read(typeof(LockStore).Assembly, "renew_lock");
    private static readonly RedisScript ReleaseLock = RedisScript.Read(typeof(LockStore).Assembly, "release_lock");

    // How long the last fencing token of a lock is remembered; after that, tokens come from the clock of Redis alone.
    private static readonly TimeSpan FenceLifetime = TimeSpan.FromHours(24);

    public ValueTask<Answer<TakeReply>> TakeAsync(
        string key, string owner, CacheLockOptions options, CancellationToken cancellationToken) => gate.AskAsync(
        "take_lock",
        (key, owner, options),
        static async (database, call) =>
        {
            RedisKey[] keys = [RedisNames.Lock(call.key), RedisNames.Fence(call.key)];
            var lifetime = call.options.TimeToLive;
            var fenceLifetime = call.options.IsFenced ? FenceLifetime + lifetime : TimeSpan.Zero;
            RedisValue[] arguments = [call.owner, Milliseconds(lifetime), Milliseconds(fenceLifetime)];
            using var reply = await TakeLock.RunAsync(database, keys, arguments).ConfigureAwait(false);

            return TakeReply.Read(reply);
        },
        cancellationToken);

    /// <returns>Whether the owner still holds the lock.</returns>
    public ValueTask<Answer<bool>> RenewAsync(
        string key, string owner, TimeSpan timeToLive, CancellationToken cancellationToken) => direct.AskAsync(
        "renew_lock",
        (Script: RenewLock, Key: RedisNames.Lock(key), owner, Argument: Milliseconds(timeToLive)),
        IsOwnedAsync,
        cancellationToken);

    /// <returns>Whether the owner held the lock until now.</returns>
    public ValueTask<Answer<bool>> ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        direct.AskAsync(
            "release_lock",
            (ReleaseLock, RedisNames.Lock(key), owner, (RedisValue)RedisNames.ReleaseChannel(key)),
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

/// <summary>The reply of take_lock.lua.</summary>
/// <param name="Token">The fencing token, if the lock was taken.</param>
/// <param name="Lives">How long the lock lives, whoever owns it; <see langword="null"/> for no end.</param>
internal readonly record struct TakeReply(long? Token, TimeSpan? Lives)
{
    public static TakeReply Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var token = reader.ReadString();
        reader.MoveNext();
        var lives = reader.ReadInt64();

        return new TakeReply(
            string.IsNullOrEmpty(token) ? null : long.Parse(token, CultureInfo.InvariantCulture),
            lives < 0 ? null : TimeSpan.FromMilliseconds(lives));
    }
}
