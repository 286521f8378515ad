using Microsoft.Extensions.Logging;
using Mirai.Cache.Degradation;
using Mirai.Cache.Entries;
using Mirai.Cache.Filling;
using Mirai.Cache.Local;
using Mirai.Cache.Locks;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Client;

/// <summary>Builds the parts of a cache and connects them with each other. Redis is not connected before the first
/// use.</summary>
internal sealed class CacheParts : IAsyncDisposable
{
    private readonly Recovery recovery;
    private readonly ChangeListener listener;
    private readonly ServerTracking tracking;

    public CacheParts(
        CacheOptions options, RedisConnection connection, EntrySerializer serializer, CacheMetrics metrics,
        TimeProvider time, ILoggerFactory loggers)
    {
        (Options, Serializer, Metrics, Time) = (options, serializer, metrics, time);
        Availability = new Availability(options.IsEnabled, time, loggers.CreateLogger<Availability>());

        var messages = new ChangeMessages();
        var breaker = new CircuitBreaker(Availability, options, time);
        var direct = new DirectRedis(connection, options.RedisTimeout, time);
        var gate = new RedisGate(direct, Availability, breaker, metrics, time);

        Local = new LocalLevel(options.Local, time, metrics);
        var copies = new Copies(Local, Flights);
        recovery = new Recovery(
            direct, Availability, breaker, new InvalidationStore(direct, messages, time), copies.DropAll, time);
        Availability.Degraded = recovery.Start;
        listener = new ChangeListener(connection, messages, Local, copies.Drop, copies.DropAll, time);
        tracking = new ServerTracking(connection, options.Local, copies.Drop, loggers.CreateLogger<ServerTracking>());
        Local.IsUsable = () => Availability.IsOpen && listener.IsHearing;

        var entries = new EntryStore(gate, messages, time);
        var tags = new TagStore(gate, messages);
        var lockStore = new LockStore(gate, direct);
        Locks = new RedisLocks(gate, lockStore, new LockServices(lockStore, metrics, time), Availability);
        Remover = new KeyRemover(gate, messages);
        Sweep = new StaleSweep(gate, entries, time);
        Invalidator = new Invalidator(new InvalidationStore(gate, messages, time), copies, Availability);
        Filling = new FillParts(
            options, new EntryReads(entries, tags, serializer, time), entries, tags, Locks, Local, Flights, serializer,
            metrics, time, loggers.CreateLogger<RedisCache>());
        Redis = gate;
    }

    public CacheOptions Options { get; }

    public Availability Availability { get; }

    public EntrySerializer Serializer { get; }

    public CacheMetrics Metrics { get; }

    public TimeProvider Time { get; }

    public IRedisCaller Redis { get; }

    public LocalLevel Local { get; }

    public Flights Flights { get; } = new();

    public FillParts Filling { get; }

    public Invalidator Invalidator { get; }

    public KeyRemover Remover { get; }

    public StaleSweep Sweep { get; }

    public RedisLocks Locks { get; }

    /// <summary>Subscribes to the changes of other processes and services, unless that has happened already.</summary>
    public void EnsureListening()
    {
        if (Availability.IsOpen)
        {
            _ = listener.IsHearing;
            tracking.EnsureStarted();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await tracking.DisposeAsync().ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
        await recovery.DisposeAsync().ConfigureAwait(false);
    }
}
