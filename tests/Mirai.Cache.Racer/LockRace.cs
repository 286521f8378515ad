using StackExchange.Redis;

namespace Mirai.Cache.Racer;

/// <summary>Does, under a lock, what two must not do at the same time, and leaves a trace of who did.</summary>
public sealed class LockRace(ICacheLocks locks, string url, string key)
{
    private static readonly CacheLockOptions Patient = new() { WaitTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>Takes the lock so many times. In <c>inside:&lt;key&gt;</c> stands how many are inside, in
    /// <c>most:&lt;key&gt;</c> how many were at most, and in the list <c>tokens:&lt;key&gt;</c> the fencing tokens in
    /// the order of their use.</summary>
    public async Task RunAsync(int turns)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(url);
        var redis = connection.GetDatabase();
        for (var turn = 0; turn < turns; turn++)
        {
            await using var held = await locks.AcquireAsync(key, Patient)
                ?? throw new InvalidOperationException("The lock was not to be had.");
            var inside = await redis.StringIncrementAsync($"inside:{key}");
            await redis.ListRightPushAsync($"tokens:{key}", held.FencingToken);
            if (inside > 1)
            {
                await redis.StringSetAsync($"most:{key}", inside);
            }

            await redis.StringDecrementAsync($"inside:{key}");
        }
    }
}
