using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Goes through a place in its order: the first is the one that runs, falls due or is dropped
/// first.</summary>
/// <remarks>A set is continued behind the score that was seen last, so that what others take out in front shifts
/// nothing but tasks of that same second.</remarks>
internal sealed class LegacyPages(IDatabase database, LegacyPlace place)
{
    private long skip;
    private double last = double.NegativeInfinity;

    /// <summary>The next messages of all queues; none at the end.</summary>
    public async Task<IReadOnlyList<LegacyEntry>> NextAsync(long most = QueueInspector.BatchSize)
    {
        if (!place.IsList)
        {
            return await NextOfSetAsync(most).ConfigureAwait(false);
        }

        // New messages are pushed at the head.
        var messages = await database.ListRangeAsync(place.Key, -skip - most, -skip - 1).ConfigureAwait(false);
        Array.Reverse(messages);
        skip += messages.Length;

        return await ReadAsync(database, place, messages).ConfigureAwait(false);
    }

    /// <summary>Tells that a message of the last batch is no longer there.</summary>
    public void Forget(LegacyEntry entry) => skip -= place.IsList || entry.Score.Equals(last) ? 1 : 0;

    /// <summary>Messages of a list; running ones with their deadlines.</summary>
    public static async Task<IReadOnlyList<LegacyEntry>> ReadAsync(
        IDatabase database, LegacyPlace place, RedisValue[] messages)
    {
        var scores = place.State == TaskState.Active && messages.Length > 0
            ? await database.SortedSetScoresAsync(LegacyKeys.Deadlines, messages).ConfigureAwait(false)
            : new double?[messages.Length];

        return [.. messages.Zip(scores, (message, score) => LegacyEntry.Read(place, message, score ?? 0))];
    }

    private async Task<IReadOnlyList<LegacyEntry>> NextOfSetAsync(long most)
    {
        var entries = await database
            .SortedSetRangeByScoreWithScoresAsync(place.Key, start: last, skip: skip, take: most)
                .ConfigureAwait(false);
        if (entries.Length > 0)
        {
            var score = entries[^1].Score;
            var same = entries.Count(entry => entry.Score.Equals(score));
            skip = score.Equals(last) ? skip + same : same;
            last = score;
        }

        return [.. entries.Select(entry => LegacyEntry.Read(place, entry.Element, entry.Score))];
    }
}
