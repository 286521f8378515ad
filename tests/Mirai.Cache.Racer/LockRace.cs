using StackExchange.Redis;

namespace Mirai.Cache.Racer;

/// <summary>Does work under a lock that must not be done twice at the same time, and records in Redis whether it
/// was.</summary>
public sealed class LockRace(ICacheLocks locks, string url, string key)
{
    private static readonly CacheLockOptions Patient = new() { WaitTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>Takes the lock a number of times. <c>inside:&lt;key&gt;</c> counts the holders at the moment,
    /// <c>most:&lt;key&gt;</c> keeps their highest number if it was above one, and the list <c>tokens:&lt;key&gt;</c>
    /// has the fencing tokens in the order of their use.</summary>
    public async Task RunAsync(int turns)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(url);
        var redis = connection.GetDatabase();
        for (var turn = 0; turn < turns; turn++)
        {
            await using var held = await locks.AcquireAsync(key, Patient)
                ?? throw new InvalidOperationException("The lock could not be taken within the wait time.");
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
