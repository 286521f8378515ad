namespace Mirai.Cache.Racer;

/// <summary>Counts in an entry; only the ETags keep concurrent callers from losing a count.</summary>
public sealed class ETagRace(ICache cache, string key)
{
    private readonly CacheKey<long> counter = CacheKey.Of<long>(key);

    /// <summary>Counts a number of times; the entry may exist already.</summary>
    public async Task RunAsync(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            while (!await TryCountAsync())
            {
                // Another caller was faster.
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
