using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Goes through the ids of a container, some at a time, and sees every one that stays there
/// meanwhile.</summary>
/// <remarks>A sorted set is scanned as Redis does it, in no order. The list of pending tasks is read from its head by
/// position: what producers push in front shifts ids to positions that are still to come, and workers take from the
/// tail.</remarks>
internal sealed class TaskScanner
{
    private readonly IDatabase database;
    private readonly TaskContainer container;
    private long position;

    /// <exception cref="ArgumentException">The cursor is not one of this container.</exception>
    public TaskScanner(IDatabase database, TaskContainer container, string? cursor)
    {
        this.database = database;
        this.container = container;
        Cursor = cursor ?? "0";
        if (!ulong.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (IsList && number > long.MaxValue - QueueInspector.BatchSize))
        {
            throw new ArgumentException($"'{cursor}' is no cursor of such a query.", nameof(cursor));
        }

        position = IsList ? (long)number : 0;
    }

    /// <summary>Where to go on; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    private bool IsList => container.State == TaskState.Pending;

    public Task<ScanBatch> NextAsync() => IsList ? NextOfListAsync() : NextOfSetAsync();

    /// <summary>Tells that ids of the last batch are no longer in their list.</summary>
    public void Forget(long removed)
    {
        if (IsList && Cursor is not null)
        {
            position = Math.Max(position - removed, 0);
            Cursor = position.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task<ScanBatch> NextOfListAsync()
    {
        var length = database.ListLengthAsync(container.Key);
        var ids = await database.ListRangeAsync(container.Key, position, position + QueueInspector.BatchSize - 1)
            .ConfigureAwait(false);
        var isNearHead = position < await length.ConfigureAwait(false) / 2;
        position += ids.Length;
        Cursor = ids.Length < QueueInspector.BatchSize ? null : position.ToString(CultureInfo.InvariantCulture);

        return new ScanBatch([.. ids.Select(id => new StoredTask(id.ToString(), null))], isNearHead);
    }

    // The ids of active tasks are in a sorted set, too: that of their leases.
    private async Task<ScanBatch> NextOfSetAsync()
    {
        var key = container.State == TaskState.Active ? QueueKeys.Of(container.Queue).Lease : container.Key;
        var reply = (RedisResult[])(await database
            .ExecuteAsync("ZSCAN", (RedisKey)key, Cursor!, "COUNT", QueueInspector.BatchSize).ConfigureAwait(false))!;
        var entries = (RedisResult[])reply[1]!;
        var cursor = reply[0].ToString();
        Cursor = cursor == "0" ? null : cursor;

        return new ScanBatch(
            [.. entries.Chunk(2).Select(entry => new StoredTask(entry[0].ToString(), (double)entry[1]))],
            IsNearHead: false);
    }
}
