namespace Mirai.Benchmarks.Cache;

/// <summary>One of the caches that do the same work.</summary>
internal interface IPeerCache : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Reads an entry, and lets the factory make it where there is none.</summary>
    ValueTask<Article> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<Article>> factory);
}
