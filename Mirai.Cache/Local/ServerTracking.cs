using Microsoft.Extensions.Logging;
using Mirai.Cache.Store;

namespace Mirai.Cache.Local;

/// <summary>Asks every primary to report every change of the tracked keys, whichever client makes it.</summary>
internal sealed partial class ServerTracking(
    RedisConnection connection, LocalLevelOptions options, Action<string?> onChange, ILogger<ServerTracking> logger)
    : IAsyncDisposable
{
    private readonly List<TrackingConnection> connections = [];
    private int started;

    /// <summary>Starts at the first call; later calls do nothing.</summary>
    public void EnsureStarted()
    {
        if (options is { IsEnabled: true, IsTracking: true } && Interlocked.Exchange(ref started, 1) == 0)
        {
            _ = StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<TrackingConnection> open;
        lock (connections)
        {
            open = [.. connections];
            connections.Clear();
        }

        foreach (var tracking in open)
        {
            await tracking.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StartAsync()
    {
        try
        {
            var multiplexer = await connection.GetAsync().ConfigureAwait(false);
            foreach (var server in Primaries.Find(multiplexer))
            {
                var tracking = new TrackingConnection(
                    "mirai-cache-", [.. options.TrackedPrefixes], onChange, LogUnavailable);
                lock (connections)
                {
                    connections.Add(tracking);
                }

                await tracking.OpenAsync(multiplexer, server).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out _))
        {
            // Redis is away; the next call of EnsureStarted tries again.
            await DisposeAsync().ConfigureAwait(false);
            Volatile.Write(ref started, 0);
        }
    }

    private void LogUnavailable(Exception exception) => LogUnavailable(logger, options.TimeToLive, exception.Message);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Redis does not report changes by other services: the first level of the cache serves the old entry "
            + "for up to {TimeToLive} after such a change. Allow CLIENT TRACKING in Redis, or accept the delay and set "
            + "Cache:Local:IsTracking to false. Redis refused with: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, TimeSpan timeToLive, string reason);
}
