using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Server.Upkeep;

namespace Mirai.Queue.Server;

/// <summary>The parts of one server, wired.</summary>
internal sealed record QueueServerParts(
    ServerIdentity Identity,
    RedisHealth Health,
    ServedQueues Queues,
    RunningTasks Running,
    DeadlineTimer Deadlines,
    RedisAdvisor Advisor,
    Heartbeater Heartbeater,
    Subscriber Subscriber,
    Syncer Syncer,
    Recoverer Recoverer,
    Forwarder Forwarder,
    Processor Processor,
    Janitor Janitor,
    QueueWatcher Watcher,
    Reclaimer Reclaimer,
    Aggregator? Aggregator)
{
    /// <summary>Every loop, by name.</summary>
    public IReadOnlyList<(string Name, LoopPulse Pulse)> Loops { get; } =
    [
        (nameof(Processor), Processor.Pulse), (nameof(Syncer), Syncer.Pulse),
        .. ((Loop?[])
            [Advisor, Heartbeater, Subscriber, Recoverer, Forwarder, Watcher, Janitor, Reclaimer, Aggregator])
            .OfType<Loop>().Select(loop => (loop.Name, loop.Pulse)),
    ];
}
