using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    public async Task DeleteQueueAsync(string queue, bool force = false, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        if (await HoldsAsync(database, queue, TaskState.Active, cancellationToken).ConfigureAwait(false))
        {
            throw new QueueNotEmptyException(queue, hasActiveTasks: true);
        }

        foreach (var state in Deleting.States)
        {
            if (force)
            {
                await ForAllAsync(
                    LegacyAction.Delete(queue, LegacyPlace.Of(queue, state)!, givesLocksBack: true), cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (await HoldsAsync(database, queue, state, cancellationToken).ConfigureAwait(false))
            {
                throw new QueueNotEmptyException(queue, hasActiveTasks: false);
            }
        }

        // With force, what others enqueued meanwhile stays, and the queue with it.
        if (!await UnlistAsync(database, queue).WaitAsync(cancellationToken).ConfigureAwait(false) && !force)
        {
            throw new QueueNotEmptyException(queue, hasActiveTasks: false);
        }
    }

    private static async Task<bool> HoldsAsync(
        IDatabase database, string queue, TaskState state, CancellationToken cancellationToken)
    {
        var pages = new LegacyPages(database, LegacyPlace.Of(queue, state)!);
        IReadOnlyList<LegacyEntry> entries;
        do
        {
            entries = await pages.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (entries.Any(entry => entry.IsOf(queue)))
            {
                return true;
            }
        }
        while (entries.Count > 0);

        return false;
    }

    private static async Task<bool> UnlistAsync(IDatabase database, string queue)
    {
        using var reply = await LegacyScripts.DropQueue.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, LegacyKeys.Paused, LegacyKeys.Queue(queue)],
            arguments: default).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32() == 1;
    }
}
