using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Server.Upkeep;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server;

/// <summary>Wires a server.</summary>
internal sealed class QueueServerFactory(
    IQueueStore store, IGroupStore groups, IServiceScopeFactory scopes, QueueMetrics metrics, TimeProvider time,
    ILoggerFactory loggers)
{
    public QueueServer Create(
        QueueServerOptions options, TaskRouter router, PatternMap<RetryDelayFunc> retryDelays, bool aggregates) =>
        new(CreateParts(options, router, retryDelays, aggregates), options, time, Logger<QueueServer>());

    internal QueueServerParts CreateParts(
        QueueServerOptions options, TaskRouter router, PatternMap<RetryDelayFunc> retryDelays, bool aggregates)
    {
        var idle = new IdleWait(options.TaskCheckInterval, time);
        var queues = new ServedQueues(options, idle.WakeUp, time);
        var running = new RunningTasks(options.Concurrency);
        var health = new RedisHealth(time, Logger<RedisHealth>());
        var policy = new AttemptPolicy(options, retryDelays, time, Logger<AttemptPolicy>());
        var forwarder = new Forwarder(store, queues, options.ForwardInterval, health, time, Logger<Forwarder>());
        var janitor = new Janitor(store, queues, options, metrics, health, time, Logger<Janitor>());
        var watcher = new QueueWatcher(store, queues, options.TaskCheckInterval, health, time, Logger<QueueWatcher>());
        var afterWrite = new AfterWrite(forwarder, janitor, metrics, Logger<AfterWrite>());
        var syncer = new Syncer(store, health, afterWrite.OnWritten, Room(options), time, Logger<Syncer>());
        var identity = new ServerIdentity(queues, options.Concurrency, time);
        var deadlines = new DeadlineTimer(running, time);
        var lost = new LostTakes(store, running, health, options.Lease, metrics, time, Logger<LostTakes>());
        var runner = new AttemptRunner(
            router, policy, running, syncer, options, metrics, time, Logger<AttemptRunner>());
        var starter = new AttemptStarter(
            runner, policy, running, deadlines, syncer,
            new AttemptServices(store, scopes, time, options.CancellationGrace), metrics, time,
            Logger<AttemptStarter>());
        var parts = new QueueServerParts(
            identity, health, queues, running, deadlines,
            new RedisAdvisor(store, health, time, Logger<RedisAdvisor>()),
            new Heartbeater(store, identity, running, syncer, options.Lease, health, time, Logger<Heartbeater>()),
            new Subscriber(
                store, running, [new PublishedWakeUps(store, queues)],
                news => OnWakeUp(news, queues, watcher, idle, forwarder), health, time, Logger<Subscriber>()),
            syncer,
            new Recoverer(
                store, queues, options, policy, syncer, lost, afterWrite.OnWritten, metrics, health, time,
                Logger<Recoverer>()),
            forwarder,
            new Processor(
                store, new SlotSharing(queues, running), running, syncer, lost, starter, idle, options.Lease, health,
                metrics, time, Logger<Processor>()),
            janitor,
            watcher,
            new Reclaimer(groups, queues, options.RecoverInterval, metrics, health, time, Logger<Reclaimer>()),
            aggregates ? CreateAggregator(queues, options, health) : null);
        FollowQueues(parts, idle);

        return parts;
    }

    private Aggregator CreateAggregator(ServedQueues queues, QueueServerOptions options, RedisHealth health)
    {
        var limits = new GroupLimits(
            WireTime.ToSeconds(options.GroupGracePeriod), (long)Math.Ceiling(options.GroupMaxDelay.TotalSeconds),
            options.GroupMaxSize);
        var aggregation = new GroupAggregation(
            groups, scopes, limits, metrics, health, time, Logger<GroupAggregation>());

        return new Aggregator(groups, queues, limits, aggregation, options, health, time, Logger<Aggregator>());
    }

    // Outcomes of a whole generation of tasks may wait for Redis; more means that Redis gives tasks but takes no
    // outcomes.
    private static int Room(QueueServerOptions options) => Math.Max(1_000, 2 * options.Concurrency);

    private void FollowQueues(QueueServerParts parts, IdleWait idle)
    {
        parts.Queues.EntriesChanged += () =>
        {
            parts.Subscriber.OnQueuesChanged();
            parts.Watcher.LookNow();
        };
        parts.Queues.Changed += () =>
        {
            parts.Heartbeater.OnQueuesChanged();
            parts.Forwarder.Expect(time.GetUtcNow());
            idle.WakeUp();
        };
    }

    private static void OnWakeUp(
        WakeUp news, ServedQueues queues, QueueWatcher watcher, IdleWait idle, Forwarder forwarder)
    {
        if (queues.IsNew(news.Queue))
        {
            watcher.LookNow();
        }
        else if (news.DueAt is { } due)
        {
            forwarder.Expect(due);
        }
        else
        {
            idle.WakeUp();
        }
    }

    private ILogger<T> Logger<T>() => loggers.CreateLogger<T>();
}
