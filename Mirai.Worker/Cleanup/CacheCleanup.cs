using Mirai.Cache;
using Mirai.Platform.Cleanup;

namespace Mirai.Worker.Cleanup;

/// <summary>Deletes cache entries that no reader accepts any more.</summary>
internal sealed class CacheCleanup(ICache cache) : ICleanup
{
    public string What => "stale cache entries";

    // A cache that is away is a state and no failure: the next hour will do.
    public async Task<long> RunAsync(CancellationToken cancellationToken = default) =>
        await cache.RemoveStaleAsync(cancellationToken) ?? 0;
}
