using Mirai.Queue.Server;
using Mirai.Queue.Server.Finishing;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>A server of which every part does one pass when it is told, so that a replay knows what has
/// happened.</summary>
internal sealed class ManualWorker
{
    private readonly QueueServerParts parts;

    public ManualWorker(QueueServer server)
    {
        (Server, parts) = (server, server.Parts);
        parts.Identity.Status = ServerStatus.Active;
    }

    public QueueServer Server { get; }

    /// <summary>Shows the server and renews leases.</summary>
    public Task BeatAsync() => parts.Heartbeater.RunOnceAsync(CancellationToken.None);

    /// <summary>Looks for tasks whose worker is gone.</summary>
    public Task RecoverAsync() => parts.Recoverer.RunOnceAsync(CancellationToken.None);

    /// <summary>Aggregates groups that are due.</summary>
    public Task AggregateAsync() => parts.Aggregator!.RunOnceAsync(CancellationToken.None);

    /// <summary>Puts tasks back whose aggregation did not end.</summary>
    public Task ReclaimAsync() => parts.Reclaimer.RunOnceAsync(CancellationToken.None);

    /// <summary>Deletes what need not be kept.</summary>
    public Task CleanAsync() => parts.Janitor.RunOnceAsync(CancellationToken.None);

    /// <summary>Listens for cancellations.</summary>
    public Task SubscribeAsync() => parts.Subscriber.RunOnceAsync(CancellationToken.None);

    /// <summary>Takes as many tasks as there are slots.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TakeAsync() => (await parts.Processor.FillAsync()).Started;

    /// <summary>Waits until every handler has returned and Redis has what came of it.</summary>
    public async Task FinishAsync()
    {
        await parts.Running.WhenEmpty();
        await parts.Syncer.WriteWaitingAsync();
    }

    /// <summary>Works until nothing is left to take.</summary>
    public async Task WorkAsync()
    {
        await BeatAsync();
        await RecoverAsync();
        while (await TakeAsync() > 0)
        {
            await FinishAsync();
        }
    }

    /// <summary>Stops the server as its host does. The syncer starts before: it writes what the stop requeues.</summary>
    public Task StopAsync()
    {
        parts.Syncer.Start();
        return Server.StopAsync(CancellationToken.None);
    }
}
