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

/// <summary>The parts of one server, and the calls between them that would be circles as references: what follows from
/// an outcome, from a wake-up, and from a change of the queues.</summary>
internal sealed partial class QueueServerParts
{
    private readonly QueueServerServices services;
    private readonly IdleWait idle;

    public QueueServerParts(QueueServerServices services, QueueServerSetup setup)
    {
        this.services = services;
        var (store, groups, scopes, metrics, time, _) = services;
        var options = setup.Options;
        var times = new LeaseTimes(options);
        idle = new IdleWait(options.TaskCheckInterval, time);
        Queues = new ServedQueues(options, idle.WakeUp, time);
        Running = new RunningTasks(options.Concurrency);
        Health = new RedisHealth(time, Logger<RedisHealth>());
        Identity = new ServerIdentity(options.Concurrency, ReadQueues, time);
        var outcomes = new Outcomes(options, setup.RetryDelays, metrics, time, Logger<Outcomes>());
        var lost = new LostTakes(store, Health, metrics, time, Logger<LostTakes>());

        Advisor = new RedisAdvisor(store, Health, time, Logger<RedisAdvisor>());
        Forwarder = new Forwarder(store, Queues, options.ForwardInterval, Health, time, Logger<Forwarder>());
        Janitor = new Janitor(store, Queues, options, metrics, Health, time, Logger<Janitor>());
        Reclaimer = new Reclaimer(
            groups, Queues, options.RecoverInterval, metrics, Health, time, Logger<Reclaimer>(),
            hasAggregator: setup.Aggregator is not null);
        Watcher = new QueueWatcher(store, Queues, options.TaskCheckInterval, Health, time, Logger<QueueWatcher>());
        Subscriber = new Subscriber(store, Running, Queues, OnWakeUp, Health, time, Logger<Subscriber>());
        Syncer = new Syncer(store, Health, OnWritten, Room(options), time, Logger<Syncer>());
        Heartbeater = new Heartbeater(
            store, Identity, Running.Snapshot, Syncer, times, Health, time, Logger<Heartbeater>());
        Runner = new AttemptRunner(
            setup.Router, outcomes, Running, Syncer, store, scopes, options, metrics, time, Logger<AttemptRunner>());
        Threads = new ThreadPoolGuard(
            () => options.Concurrency + Runner.Abandoned, Logger<ThreadPoolGuard>());
        Processor = new Processor(
            store, new QueuePicker(Queues, Running), Running, Runner, outcomes, Syncer, lost, idle, times, Health,
            metrics, time, Logger<Processor>());
        Recoverer = new Recoverer(
            store, Queues, options, outcomes, () => Running.Snapshot().Concat(Syncer.Leases()), lost, OnWritten,
            metrics, Health, time, Logger<Recoverer>());
        CrashWatch = store is ICrashStore crashes
            ? new CrashWatch(
                crashes, store, Queues, options, outcomes, OnWritten, metrics, Health, time, Logger<CrashWatch>())
            : null;
        Aggregator = setup.Aggregator is { } aggregator ? CreateAggregator(options, aggregator) : null;
        Loops = [.. ListLoops()];

        Queues.EntriesChanged += OnEntriesChanged;
        Queues.Changed += OnQueuesChanged;
    }

    public ServerIdentity Identity { get; }

    public RedisHealth Health { get; }

    public ServedQueues Queues { get; }

    public RunningTasks Running { get; }

    public AttemptRunner Runner { get; }

    public ThreadPoolGuard Threads { get; }

    public RedisAdvisor Advisor { get; }

    public Heartbeater Heartbeater { get; }

    public Subscriber Subscriber { get; }

    public Syncer Syncer { get; }

    public Recoverer Recoverer { get; }

    /// <summary><see langword="null"/> in the legacy layout, which has no leases.</summary>
    public CrashWatch? CrashWatch { get; }

    public Forwarder Forwarder { get; }

    public Processor Processor { get; }

    public Janitor Janitor { get; }

    public QueueWatcher Watcher { get; }

    public Reclaimer Reclaimer { get; }

    public Aggregator? Aggregator { get; }

    /// <summary>Every loop with its name, for health checks.</summary>
    public IReadOnlyList<(string Name, LoopPulse Pulse)> Loops { get; }

    // Outcomes of a whole generation of tasks may wait for Redis; more means that Redis gives tasks but accepts no
    // outcomes.
    private static int Room(QueueServerOptions options) => Math.Max(1_000, 2 * options.Concurrency);

    private Aggregator CreateAggregator(
        QueueServerOptions options, Func<IServiceProvider, ITaskAggregator> aggregator)
    {
        var (_, groups, scopes, metrics, time, _) = services;
        var limits = new GroupLimits(
            WireTime.ToSeconds(options.GroupGracePeriod), (long)Math.Ceiling(options.GroupMaxDelay.TotalSeconds),
            options.GroupMaxSize);
        var aggregation = new GroupAggregation(
            groups, scopes, aggregator, limits, metrics, Health, time, Logger<GroupAggregation>());

        return new Aggregator(groups, Queues, limits, aggregation, options, Health, time, Logger<Aggregator>());
    }

    private IEnumerable<(string Name, LoopPulse Pulse)> ListLoops() =>
    [
        (nameof(Processor), Processor.Pulse), (nameof(Syncer), Syncer.Pulse),
        .. ((Loop?[])
            [Advisor, Heartbeater, Subscriber, Recoverer, CrashWatch, Forwarder, Watcher, Janitor, Reclaimer, Aggregator])
            .OfType<Loop>().Select(loop => (loop.Name, loop.Pulse)),
    ];

    private void OnWritten(FinishedTask task, bool isRefused)
    {
        if (isRefused)
        {
            services.Metrics.LeaseLost(task.Lease.Queue, 1);
            LogRefused(Logger<QueueServer>(), task.Outcome, task.Lease.TaskId, task.Lease.Queue);
        }
        else if (task.Outcome is TaskOutcome.Retry or TaskOutcome.RetryUncounted)
        {
            Forwarder.Expect(task.Lease.Queue, DateTimeOffset.FromUnixTimeSeconds(task.Score));
            if (task.Lease is DeferredLease deferred)
            {
                // Not earlier: Redis can give the task back only when the outcome is written.
                deferred.Limit.Remember(deferred.Queue, new WaitingTask(deferred.TaskId, task.Score));
            }
        }
        else if (task.Outcome == TaskOutcome.Archived)
        {
            Janitor.OnArchived(task.Lease.Queue);
        }
    }

    private void OnWakeUp(WakeUp signal)
    {
        if (signal.Queue is null)
        {
            Watcher.LookNow();
            Forwarder.ExpectAny();
            Processor.WakeUp(null);
        }
        else if (Queues.Current.IsNew(signal.Queue))
        {
            Watcher.LookNow();
        }
        else if (signal.DueAt is { } due)
        {
            Forwarder.Expect(signal.Queue, due);
        }
        else
        {
            Processor.WakeUp(signal.Queue);
        }
    }

    private void OnEntriesChanged()
    {
        Subscriber.OnQueuesChanged();
        Watcher.LookNow();
    }

    private void OnQueuesChanged()
    {
        Heartbeater.OnQueuesChanged();
        Forwarder.ExpectAny();
        idle.WakeUp();
    }

    private (IReadOnlyDictionary<string, int> Weights, bool IsStrict) ReadQueues()
    {
        var current = Queues.Current;
        return (current.Weights, current.IsStrict);
    }

    private ILogger<T> Logger<T>() => services.Loggers.CreateLogger<T>();

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The outcome {Outcome} of task {TaskId} of queue {Queue} was not written: the lease was lost, and " +
            "the task belongs to another worker. Its handler may have run twice")]
    private static partial void LogRefused(ILogger logger, TaskOutcome outcome, string taskId, string queue);
}

/// <summary>The services of the application that a server uses.</summary>
internal sealed record QueueServerServices(
    IQueueStore Store, IGroupStore Groups, IServiceScopeFactory Scopes, QueueMetrics Metrics, TimeProvider Time,
    ILoggerFactory Loggers);

/// <summary>What the application registered for one server.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Router">The handlers and the middleware.</param>
/// <param name="RetryDelays">Retry delays by task type.</param>
/// <param name="Aggregator">Resolves the aggregator from the scope of one aggregation; <see langword="null"/> when the
/// application has none.</param>
internal sealed record QueueServerSetup(
    QueueServerOptions Options, TaskRouter Router, PatternMap<Func<RetryDelayArguments, TimeSpan>> RetryDelays,
    Func<IServiceProvider, ITaskAggregator>? Aggregator);
