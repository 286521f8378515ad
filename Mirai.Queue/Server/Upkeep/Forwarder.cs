using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Moves scheduled and retry tasks to the pending list once they are due. Sleeps until the earliest due time
/// it knows of, and looks after an interval for due times that no signal announced.</summary>
internal sealed class Forwarder(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisHealth health, TimeProvider time,
    ILogger<Forwarder> logger) : QueueUpkeep(queues, interval, health, time, logger)
{
    protected override bool IsParallel => true;

    protected override int MostVisits => 100;

    protected override Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) =>
        store.FindUsedAsync(names, QueueUse.DueTimes);

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        ForwardResult result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = await store.ForwardAsync(queue).ConfigureAwait(false);
        }
        while (result.Moved >= RedisStore.ForwardBatch);

        return result.NextDue;
    }
}
