namespace Mirai.Queue.Inspector;

/// <summary>Tells which tasks a query means.</summary>
internal sealed class TaskFilter
{
    private readonly TaskQuery query;
    private readonly DateTimeOffset? latest;

    /// <exception cref="ArgumentException">The query asks for what Redis does not know.</exception>
    public TaskFilter(TaskQuery query, DateTimeOffset now)
    {
        if (query.OlderThan is { } age)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero, nameof(TaskQuery.OlderThan));
            if (query.State is TaskState.Scheduled or TaskState.Active)
            {
                throw new ArgumentException(
                    $"{nameof(TaskQuery.OlderThan)} is not for scheduled and active tasks: Redis does not know how " +
                    "old they are.",
                    nameof(query));
            }

            latest = now.UtcTicks > age.Ticks ? now - age : DateTimeOffset.MinValue;
        }

        this.query = query;
    }

    public bool Matches(StoredTask task) => MatchesType(task) && MatchesError(task)
        && (latest is null || task.Since(query.State) <= latest);

    private bool MatchesType(StoredTask task) => query.Type is not { } type
        || (type.EndsWith('*')
            ? task.Message?.Type.StartsWith(type[..^1], StringComparison.Ordinal) == true
            : task.Message?.Type == type);

    private bool MatchesError(StoredTask task) => query.Error is not { } error
        || task.Message?.ErrorMsg.Contains(error, StringComparison.OrdinalIgnoreCase) == true;
}
