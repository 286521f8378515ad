using System.Globalization;
using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Goes through a set score by score, for those who change messages and keep their scores: a changed message
/// is another member, and would be met again among its own second otherwise.</summary>
internal sealed class LegacyScores
{
    private readonly IDatabase database;
    private readonly LegacyPlace place;
    private double last = double.NegativeInfinity;

    /// <exception cref="ArgumentException">The cursor is not one of this class.</exception>
    public LegacyScores(IDatabase database, LegacyPlace place, string? cursor)
    {
        this.database = database;
        this.place = place;
        Cursor = cursor ?? "";
        if (cursor is not null
            && !double.TryParse(cursor, NumberStyles.Float, CultureInfo.InvariantCulture, out last))
        {
            throw new ArgumentException($"'{cursor}' is no cursor of such a query.", nameof(cursor));
        }
    }

    /// <summary>Where to go on; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    /// <summary>All messages of the next scores.</summary>
    public async Task<IReadOnlyList<LegacyEntry>> NextAsync()
    {
        var entries = await database.SortedSetRangeByScoreWithScoresAsync(
            place.Key, start: last, exclude: Exclude.Start, take: QueueInspector.BatchSize).ConfigureAwait(false);
        if (entries.Length < QueueInspector.BatchSize)
        {
            Cursor = null;
        }
        else
        {
            last = entries[^1].Score;
            Cursor = last.ToString("R", CultureInfo.InvariantCulture);
            entries =
                [.. entries.Where(entry => entry.Score < last), .. await ReadScoreAsync().ConfigureAwait(false)];
        }

        return [.. entries.Select(entry => LegacyEntry.Read(place, entry.Element, entry.Score))];
    }

    private async Task<List<SortedSetEntry>> ReadScoreAsync()
    {
        var all = new List<SortedSetEntry>();
        SortedSetEntry[] entries;
        do
        {
            entries = await database.SortedSetRangeByScoreWithScoresAsync(
                place.Key, last, last, skip: all.Count, take: QueueInspector.BatchSize).ConfigureAwait(false);
            all.AddRange(entries);
        }
        while (entries.Length == QueueInspector.BatchSize);

        return all;
    }
}
