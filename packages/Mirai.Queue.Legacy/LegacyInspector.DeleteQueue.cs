using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    public async Task DeleteQueueAsync(string queue, bool force = false, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        if (await HoldsAsync(database, queue, LegacyPlace.Active, cancellationToken).ConfigureAwait(false))
        {
            throw new QueueNotEmptyException(queue, hasActiveTasks: true);
        }

        var places = TaskVerb.Delete.States.Select(state => LegacyPlace.Of(queue, state)).OfType<LegacyPlace>();
        foreach (var place in places)
        {
            if (force)
            {
                await ChangeInOrderAsync(LegacyAction.Delete(queue, place), step: null, cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (await HoldsAsync(database, queue, place, cancellationToken).ConfigureAwait(false))
            {
                throw new QueueNotEmptyException(queue, hasActiveTasks: false);
            }
        }

        // With force, tasks that were enqueued during the deletion stay, and so does the queue.
        if (!await UnlistAsync(database, queue).WaitAsync(cancellationToken).ConfigureAwait(false) && !force)
        {
            throw new QueueNotEmptyException(queue, hasActiveTasks: false);
        }
    }

    private static async Task<bool> HoldsAsync(
        IDatabase database, string queue, LegacyPlace place, CancellationToken cancellationToken)
    {
        var pages = new LegacyPages(database, place);
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
