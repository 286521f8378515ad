using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>A connection to Redis that all its users share. The first user opens the connection. When that attempt
/// fails for good (for instance because no Sentinel answers), the next user tries again.</summary>
/// <param name="connect">Opens the connection.</param>
/// <param name="isOwned">Whether this object disposes the connection.</param>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOwned)
    : IAsyncDisposable, IDisposable
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
