using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>The servers on the list, as one observer sees their heartbeats. Only this process' clock counts.</summary>
/// <param name="store">Redis.</param>
/// <param name="heartbeat">How often a server that lives sends a heartbeat.</param>
/// <param name="time">The clock.</param>
internal sealed class SeenServers(ICrashStore store, TimeSpan heartbeat, TimeProvider time)
{
    // Heartbeats are a little late now and then, and looks come once a second.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A server sends its first heartbeat before it takes its first task.
    private static readonly TimeSpan Newcomer = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, SeenServer> servers = new(StringComparer.Ordinal);

    /// <summary>Forgets everything.</summary>
    public void Clear() => servers.Clear();

    /// <summary>Reads the list.</summary>
    public async Task LookAsync(long now)
    {
        var listed = await store.ListHeartbeatsAsync().ConfigureAwait(false);
        foreach (var (server, beat) in listed)
        {
            if (!servers.TryGetValue(server, out var known))
            {
                servers[server] = new SeenServer { Beat = beat, ChangedAt = now, FirstSeen = now };
            }
            else if (!known.Beat.Equals(beat))
            {
                (known.Beat, known.ChangedAt, known.HasBeaten, known.IsGone) = (beat, now, true, false);
            }
        }

        // A server that stops leaves the list and deletes its record. One that leaves only the list was struck off by an
        // inspector, which does so to servers that its own clock calls dead.
        var names = listed.Select(server => server.Server).ToHashSet(StringComparer.Ordinal);
        foreach (var (server, seen) in servers.Where(known => !names.Contains(known.Key)).ToList())
        {
            var hasStopped = !IsSuspect(seen, now) && !await HasRecordAsync(server).ConfigureAwait(false);
            if (hasStopped || time.GetElapsedTime(seen.ChangedAt, now) > Remembered)
            {
                servers.Remove(server);
            }
        }
    }

    /// <summary>Whether a server's heartbeat is overdue.</summary>
    public bool HasSuspects(long now) => servers.Values.Any(server => IsSuspect(server, now));

    /// <summary>Whether a server is dead: its heartbeat is overdue, and its record has expired. One that has been dead
    /// for long is removed from the list.</summary>
    public async Task<bool> AnyIsGoneAsync(long now)
    {
        foreach (var (server, seen) in servers.Where(known => IsSuspect(known.Value, now)).ToList())
        {
            seen.IsGone = !await HasRecordAsync(server).ConfigureAwait(false);
            if (seen.IsGone && time.GetElapsedTime(seen.ChangedAt, now) > Remembered)
            {
                await store.UnlistAsync(server).ConfigureAwait(false);
                servers.Remove(server);
            }
        }

        return servers.Values.Any(server => server.IsGone);
    }

    /// <summary>Whether no server but a dead one can own a lease that has not changed since a moment. Each has sent a
    /// heartbeat almost an interval after that moment: it had time to receive the task that it had taken, and the
    /// heartbeat would have renewed the lease. The heartbeat was seen in an earlier look, so that the lease has been
    /// looked at since. A server that appeared later cannot own the lease.</summary>
    public bool AllBeatSince(long since, long now) => IsOverdue(since, now) && servers.Values.All(server =>
        server.IsGone
        || time.GetElapsedTime(since, server.FirstSeen) > Newcomer
        || (server.HasBeaten && server.ChangedAt < now
            && time.GetElapsedTime(since, server.ChangedAt) >= heartbeat - Lateness));

    /// <summary>The servers that are not dead.</summary>
    public IEnumerable<string> Alive =>
        servers.Where(server => !server.Value.IsGone).Select(server => server.Key);

    // In a cluster, the shard of the record may be away: that proves nothing.
    private async Task<bool> HasRecordAsync(string server)
    {
        try
        {
            return await store.HasRecordAsync(server).WaitAsync(Patience, time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return true;
        }
    }

    private TimeSpan Remembered => 6 * heartbeat;

    private bool IsSuspect(SeenServer server, long now) => IsOverdue(server.ChangedAt, now);

    private bool IsOverdue(long last, long now) => time.GetElapsedTime(last, now) > heartbeat + Lateness;

    private sealed class SeenServer
    {
        public double Beat { get; set; }

        public long FirstSeen { get; init; }

        /// <summary>The look that saw the latest change.</summary>
        public long ChangedAt { get; set; }

        /// <summary>Whether a change was seen, and not only the first value.</summary>
        public bool HasBeaten { get; set; }

        public bool IsGone { get; set; }
    }
}
