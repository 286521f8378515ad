using System.Globalization;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>The list or sorted set of the ids of the tasks in one state.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="State">The state.</param>
/// <param name="Group">The group of aggregating tasks.</param>
internal sealed record TaskContainer(string Queue, TaskState State, string? Group = null)
{
    /// <summary>Whether the container is a list and not a sorted set.</summary>
    public bool IsList => State is TaskState.Pending or TaskState.Active;

    /// <summary>The id of the aggregation set that holds the tasks; <see langword="null"/> for the group
    /// itself.</summary>
    public string? StagedAs { get; init; }

    /// <summary>The key.</summary>
    public string Key => (Group, StagedAs) switch
    {
        (null, _) => QueueKeys.Of(Queue).Prefix + TaskStateWord.Of(State),
        (_, null) => QueueKeys.Of(Queue).Group(Group),
        _ => QueueKeys.Of(Queue).AggregationSet(Group, StagedAs),
    };

    /// <summary>The container of a selection that is not one task.</summary>
    public static TaskContainer Of(TaskSelection selection) =>
        new(selection.Queue, selection.State!.Value, selection.Group);
}

/// <summary>Reads the ids of a container, some at a time. Every id that stays in the container is read.</summary>
/// <remarks>A sorted set is read with <c>ZSCAN</c>, in no order. The list of pending tasks is read from its head by
/// position: producers push at the head, which moves ids to positions that are still to be read, and workers take from
/// the tail.</remarks>
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
            throw Paging.WrongCursor(Cursor);
        }

        position = IsList ? (long)number : 0;
    }

    /// <summary>Where the next batch begins; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; private set; }

    private bool IsList => container.State == TaskState.Pending;

    public Task<ScanBatch> NextAsync() => IsList ? NextOfListAsync() : NextOfSetAsync();

    /// <summary>Moves the position in a list back by the number of ids of the last batch that were removed.</summary>
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

    // The leases of active tasks are a sorted set of the same ids.
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

/// <summary>Some ids of a container.</summary>
/// <param name="Ids">The ids; those of a list in the order from its head.</param>
/// <param name="IsNearHead">Whether the ids are nearer to the head of the list than to its tail.</param>
internal sealed record ScanBatch(IReadOnlyList<StoredTask> Ids, bool IsNearHead);

/// <summary>Decides whether a task in a given state meets the conditions of a filter.</summary>
internal sealed class TaskMatcher(TaskState state, TaskFilter? filter, DateTimeOffset now)
{
    private readonly DateTimeOffset? latest = filter?.OlderThan is not { } age
        ? null
        : now.UtcTicks > age.Ticks ? now - age : DateTimeOffset.MinValue;

    public bool Matches(StoredTask task) => MatchesType(task) && MatchesError(task)
        && (latest is null || task.Since(state) <= latest);

    private bool MatchesType(StoredTask task) => filter?.Type is not { } type
        || (type.EndsWith('*')
            ? task.Message?.Type.StartsWith(type[..^1], StringComparison.Ordinal) == true
            : task.Message?.Type == type);

    private bool MatchesError(StoredTask task) => filter?.Error is not { } error
        || task.Message?.ErrorMsg.Contains(error, StringComparison.OrdinalIgnoreCase) == true;
}
