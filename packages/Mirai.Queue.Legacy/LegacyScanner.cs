using System.Globalization;
using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Goes through a place, some messages at a time, and sees every one that stays there meanwhile.</summary>
/// <remarks>A sorted set is scanned as Redis does it, in no order. A list is read from its head by position: what is
/// pushed in front shifts messages to positions that are still to come, and workers take from the tail.</remarks>
internal sealed class LegacyScanner
{
    private readonly IDatabase database;
    private readonly LegacyPlace place;
    private readonly string pattern;
    private long position;

    /// <param name="database">Redis.</param>
    /// <param name="place">The place.</param>
    /// <param name="pattern">What a message of a set must match, as Redis' SCAN has it.</param>
    /// <param name="cursor">Where to go on.</param>
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
            throw new ArgumentException($"'{cursor}' is no cursor of such a query.", nameof(cursor));
        }

        position = place.IsList ? (long)number : 0;
    }

    /// <summary>Where to go on; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    /// <summary>How many messages Redis has looked at so far, about.</summary>
    public long Looked { get; private set; }

    public Task<IReadOnlyList<LegacyEntry>> NextAsync() => place.IsList ? NextOfListAsync() : NextOfSetAsync();

    /// <summary>Tells that messages of the last batch are no longer in their list.</summary>
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
        Looked += messages.Length;
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
        Looked += QueueInspector.BatchSize;

        return
        [
            .. ((RedisResult[])reply[1]!).Chunk(2)
                .Select(entry => LegacyEntry.Read(place, (RedisValue)entry[0], (double)entry[1])),
        ];
    }
}
