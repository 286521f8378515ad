using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>The connection to Redis: opened by its first user, shared by all, and opened anew by the next user when
/// the first attempt failed for good (a Sentinel that is away, for instance).</summary>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOwned) : IAsyncDisposable, IDisposable
{
    private readonly Lock gate = new();
    private Task<IConnectionMultiplexer>? multiplexer;

    public ValueTask<IConnectionMultiplexer> GetAsync()
    {
        var current = multiplexer;
        return current is { IsCompletedSuccessfully: true } ? new(current.Result) : new(ConnectAsync());
    }

    public async ValueTask<IDatabase> GetDatabaseAsync() => (await GetAsync().ConfigureAwait(false)).GetDatabase();

    public async ValueTask DisposeAsync()
    {
        if (isOwned && multiplexer is { IsCompletedSuccessfully: true } current)
        {
            await current.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (isOwned && multiplexer is { IsCompletedSuccessfully: true } current)
        {
            current.Result.Dispose();
        }
    }

    private Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (gate)
        {
            return multiplexer is null or { IsFaulted: true } or { IsCanceled: true }
                ? multiplexer = connect() : multiplexer;
        }
    }
}
