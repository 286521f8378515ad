using System.Globalization;
using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Reads a place in order: the first message is the one that runs, falls due or expires first.</summary>
/// <remarks>A set is continued behind the last score that was read, so that the removal of messages in front moves no
/// messages but those of the same second.</remarks>
internal sealed class LegacyPages(IDatabase database, LegacyPlace place)
{
    private long skip;
    private double last = double.NegativeInfinity;

    /// <summary>Number of messages still to be read; the first part of <see cref="Cursor"/>.</summary>
    public long Left { get; set; }

    /// <summary>Where the next batch begins.</summary>
    public string Cursor => string.Create(CultureInfo.InvariantCulture, $"{Left}:{skip}:{last:R}");

    /// <summary>Continues at a cursor.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of this class.</exception>
    public void MoveTo(string cursor)
    {
        if (cursor.Split(':') is not [var left, var skipped, var score]
            || !double.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out last))
        {
            throw Paging.WrongCursor(cursor);
        }

        (Left, skip) = (Paging.ParseCursor(left), Paging.ParseCursor(skipped));
    }

    /// <summary>Reads the next messages, of all queues; none at the end.</summary>
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

    /// <summary>Corrects the position after a message of the last batch was removed.</summary>
    public void Forget(LegacyEntry entry) => skip -= place.IsList || entry.Score.Equals(last) ? 1 : 0;

    /// <summary>Decodes messages of a list, active ones with their deadlines.</summary>
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
