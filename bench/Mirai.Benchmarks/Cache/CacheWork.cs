using Mirai.Benchmarks.Peer;

namespace Mirai.Benchmarks.Cache;

/// <summary>The work that both caches do.</summary>
internal sealed class CacheWork(string redis)
{
    private const int Reads = 20_000;
    private const int Misses = 5_000;
    private const int StampedeKeys = 100;
    private const int StampedeCallers = 100;
    private static readonly TimeSpan SlowFactory = TimeSpan.FromMilliseconds(100);

    private readonly string run = Guid.NewGuid().ToString("N");
    private int factories;

    /// <summary>One entry, read again and again by one caller.</summary>
    public async Task<CacheFigures> HitAsync(Func<string, bool, IPeerCache> create, bool hasLocalLevel)
    {
        await using var cache = create(redis, hasLocalLevel);
        var key = Key("hit");
        await RepeatAsync(cache, Reads / 10, _ => key);

        return await MeasureAsync(hasLocalLevel ? "hit, first level" : "hit, Redis", cache, Reads, () =>
            RepeatAsync(cache, Reads, _ => key));
    }

    /// <summary>Entries that are not there, one after the other, from factories that take no time.</summary>
    public async Task<CacheFigures> MissAsync(Func<string, bool, IPeerCache> create)
    {
        await using var cache = create(redis, false);
        var (warm, cold) = (Key("warm"), Key("miss"));
        await RepeatAsync(cache, Misses / 10, i => $"{warm}:{i}");

        return await MeasureAsync("miss", cache, Misses, () => RepeatAsync(cache, Misses, i => $"{cold}:{i}"));
    }

    /// <summary>100 keys × 100 callers at once × factories of 100 ms, spread over so many processes' worth of
    /// caches.</summary>
    public async Task<CacheFigures> StampedeAsync(Func<string, bool, IPeerCache> create, int instances)
    {
        var caches = Enumerable.Range(0, instances).Select(_ => create(redis, false)).ToList();
        var (warm, cold) = (Key("calm"), Key("stampede"));
        foreach (var cache in caches)
        {
            await RepeatAsync(cache, 200, i => $"{warm}:{i}");
        }

        var work = $"stampede, {instances} instance{(instances > 1 ? "s" : "")}";
        var figures = await MeasureAsync(work, caches[0], StampedeKeys * StampedeCallers, async () =>
            await Task.WhenAll(Enumerable.Range(0, StampedeKeys * StampedeCallers).Select(i => Task.Run(() =>
                TimeAsync(caches[i % instances], $"{cold}:{i / StampedeCallers}", SlowFactory)))));
        foreach (var cache in caches)
        {
            await cache.DisposeAsync();
        }

        return figures;
    }

    private string Key(string name) => $"bench:{run}:{name}:{Guid.NewGuid():N}";

    private async Task<IReadOnlyCollection<double>> RepeatAsync(IPeerCache cache, int times, Func<int, string> key)
    {
        var durations = new List<double>(times);
        for (var i = 0; i < times; i++)
        {
            durations.Add(await TimeAsync(cache, key(i), TimeSpan.Zero));
        }

        return durations;
    }

    private async Task<double> TimeAsync(IPeerCache cache, string key, TimeSpan factoryTime)
    {
        var began = TimeProvider.System.GetTimestamp();
        await cache.GetOrCreateAsync(key, async token =>
        {
            var number = Interlocked.Increment(ref factories);
            if (factoryTime > TimeSpan.Zero)
            {
                await Task.Delay(factoryTime, TimeProvider.System, token);
            }

            return Article.Number(number);
        });

        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task<CacheFigures> MeasureAsync(
        string work, IPeerCache cache, int calls, Func<Task<IReadOnlyCollection<double>>> measured)
    {
        GC.Collect();
        factories = 0;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var durations = new Percentiles(await measured());
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        return new CacheFigures(
            work, cache.Name, calls, factories, durations[0.5] ?? 0, durations[0.95] ?? 0, allocated / calls);
    }
}
