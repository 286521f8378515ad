namespace Mirai.Cache.Racer;

/// <summary>Counts in an entry with nothing but ETags to keep others from counting at the same time.</summary>
public sealed class ETagRace(ICache cache, string key)
{
    private readonly CacheKey<long> counter = CacheKey.Of<long>(key);

    /// <summary>Counts so many times; the entry is there already, or not.</summary>
    public async Task RunAsync(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            while (!await TryCountAsync())
            {
                // Somebody else was faster.
            }
        }
    }

    private async Task<bool> TryCountAsync()
    {
        var current = await cache.GetAsync(counter);
        var condition = current is null ? CacheCondition.IsAbsent : CacheCondition.IfMatch(current.ETag);
        var result = await cache.SetAsync(counter, (current?.Value ?? 0) + 1, condition: condition);
        if (result.Status == CacheWriteStatus.Bypassed)
        {
            throw new InvalidOperationException("Redis went away in the middle of a race.");
        }

        return result.IsDone;
    }
}
