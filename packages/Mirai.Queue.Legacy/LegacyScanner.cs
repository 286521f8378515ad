using System.Globalization;
using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Reads a place, some messages at a time. Every message that stays in the place is read.</summary>
/// <remarks>A sorted set is read with <c>ZSCAN</c>, in no order. A list is read from its head by position: producers
/// push at the head, which moves messages to positions that are still to be read, and workers take from the
/// tail.</remarks>
internal sealed class LegacyScanner
{
    private readonly IDatabase database;
    private readonly LegacyPlace place;
    private readonly string pattern;
    private long position;

    /// <param name="database">Redis.</param>
    /// <param name="place">The place.</param>
    /// <param name="pattern">A glob pattern that a message of a set must match.</param>
    /// <param name="cursor">Where to begin; <see langword="null"/> for the beginning of the place.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this place.</exception>
    public LegacyScanner(IDatabase database, LegacyPlace place, string pattern, string? cursor = null)
    {
        this.database = database;
        this.place = place;
        this.pattern = pattern;
        Cursor = cursor ?? "0";
        if (!ulong.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (place.IsList && number > long.MaxValue - QueueInspector.BatchSize))
        {
            throw Paging.WrongCursor(cursor!);
        }

        position = place.IsList ? (long)number : 0;
    }

    /// <summary>Where the next batch begins; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Number of messages that Redis has examined so far, about.</summary>
    public long Examined { get; private set; }

    public Task<IReadOnlyList<LegacyEntry>> NextAsync() => place.IsList ? NextOfListAsync() : NextOfSetAsync();

    /// <summary>Moves the position in a list back by the number of messages of the last batch that were
    /// removed.</summary>
    public void Forget(int removed)
    {
        if (place.IsList && Cursor is not null)
        {
            position = Math.Max(position - removed, 0);
            Cursor = position.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task<IReadOnlyList<LegacyEntry>> NextOfListAsync()
    {
        var messages = await database
            .ListRangeAsync(place.Key, position, position + QueueInspector.BatchSize - 1).ConfigureAwait(false);
        position += messages.Length;
        Examined += messages.Length;
        Cursor = messages.Length < QueueInspector.BatchSize ? null : position.ToString(CultureInfo.InvariantCulture);

        return await LegacyPages.ReadAsync(database, place, messages).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<LegacyEntry>> NextOfSetAsync()
    {
        var reply = (RedisResult[])(await database.ExecuteAsync(
            "ZSCAN", (RedisKey)place.Key, Cursor!, "MATCH", pattern, "COUNT", QueueInspector.BatchSize)
            .ConfigureAwait(false))!;
        var cursor = reply[0].ToString();
        Cursor = cursor == "0" ? null : cursor;
        Examined += QueueInspector.BatchSize;

        return
        [
            .. ((RedisResult[])reply[1]!).Chunk(2)
                .Select(entry => LegacyEntry.Read(place, (RedisValue)entry[0], (double)entry[1])),
        ];
    }
}

/// <summary>Reads a set score by score, for changes that keep the score of a message: a changed message is another
/// member of the set, and would be read again in the same second otherwise.</summary>
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
            throw Paging.WrongCursor(cursor!);
        }
    }

    /// <summary>Where the next batch begins; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Reads all messages of the next scores.</summary>
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
