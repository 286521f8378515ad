using System.Collections.Concurrent;
using System.Net;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>Hears of tasks whose producer sends no signal (Go, for instance): Redis reports the next change of each
/// pending list that this server has read on a tracking connection (CLIENT TRACKING without BCAST).</summary>
/// <remarks>Not BCAST, which reports every change: a busy queue would send a message for every push and pop to every
/// server. A read that an idle server makes anyway costs one message at most, and a busy server reads nothing here.
/// In a cluster every primary would need a connection of its own: there, and wherever Redis refuses, the server finds
/// these tasks by polling alone.</remarks>
internal sealed class PendingTracking(
    TimeProvider time, Action<string?> onPending, Action<Exception> onUnavailable) : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    // By the key of the pending list. Redis reports a change once: then the key is removed until it is read again.
    private readonly ConcurrentDictionary<string, string> watched = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private TrackingConnection? tracking;
    private EndPoint? server;
    private DateTimeOffset retryAt;
    private bool isOpening;
    private volatile bool isOver;

    /// <summary>Whether Redis reports changes, or may begin to.</summary>
    public bool IsPossible => !isOver;

    /// <summary>Whether Redis reports changes now.</summary>
    public bool IsOn => Database is not null;

    /// <summary>Where a read asks Redis for a report; <see langword="null"/> while Redis reports nothing.</summary>
    public IDatabase? Database => tracking?.Database;

    /// <summary>Whether a task that a queue gets would be reported.</summary>
    public bool Watches(string queue) => watched.ContainsKey(QueueKeys.Of(queue).Pending);

    /// <summary>These queues are about to be read. Before the read, not after it: the report may overtake the
    /// reply.</summary>
    public void Add(IEnumerable<string> queues)
    {
        foreach (var queue in queues)
        {
            watched[QueueKeys.Of(queue).Pending] = queue;
        }
    }

    /// <summary>A signal woke the server for this queue, and the server reads the queue again before it waits: a report
    /// of the same change is no news.</summary>
    public void Remove(string queue) => watched.TryRemove(QueueKeys.Of(queue).Pending, out _);

    /// <summary>No read reached Redis.</summary>
    public void Clear() => watched.Clear();

    /// <summary>Connects in the background if there is no connection to the present primary.</summary>
    public void EnsureOpen(IConnectionMultiplexer shared)
    {
        var servers = shared.GetServers();
        var primary = Array.Find(servers, node => node is { IsConnected: true, IsReplica: false });
        lock (gate)
        {
            // Without a pause after a failover, which changes the primary.
            var mayWait = primary?.EndPoint.Equals(server) == true && (IsOn || time.GetUtcNow() < retryAt);
            if (primary is null || isOver || isOpening || mayWait)
            {
                return;
            }

            (isOpening, server, retryAt) = (true, primary.EndPoint, time.GetUtcNow() + RetryPause);
        }

        _ = OpenAsync(shared, primary);
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isOver = true;
        }

        if (Interlocked.Exchange(ref tracking, null) is { } open)
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task OpenAsync(IConnectionMultiplexer shared, IServer primary)
    {
        var next = new TrackingConnection("mirai-queue-", prefixes: null, OnChange, GiveUp);
        try
        {
            if (primary.ServerType != ServerType.Standalone)
            {
                throw new RedisCommandException($"Redis is a {primary.ServerType}.");
            }

            await next.OpenAsync(shared, primary).ConfigureAwait(false);
            await ReplaceAsync(next).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The connection is a convenience: whatever keeps it from being made, polling goes on.
            await next.DisposeAsync().ConfigureAwait(false);
            if (exception is RedisCommandException)
            {
                GiveUp(exception);
            }
        }
        finally
        {
            lock (gate)
            {
                isOpening = false;
            }

            onPending(null);
        }
    }

    private async Task ReplaceAsync(TrackingConnection next)
    {
        TrackingConnection? before;
        lock (gate)
        {
            (before, tracking) = isOver ? (next, null) : (tracking, next);
            watched.Clear();
        }

        if (before is not null)
        {
            await before.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void OnChange(string? key)
    {
        if (key is null)
        {
            watched.Clear();
            onPending(null);
        }
        else if (watched.TryRemove(key, out var queue))
        {
            onPending(queue);
        }
    }

    private void GiveUp(Exception exception)
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            isOver = true;
        }

        onUnavailable(exception);
    }
}
