using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Tasks that one script acts on.</summary>
/// <param name="Queue">Their queue.</param>
/// <param name="Tasks">The tasks.</param>
internal sealed record TaskSelection(string Queue, IReadOnlyList<StoredTask> Tasks)
{
    /// <summary>Where the tasks were found, and must still be; <see langword="null"/> takes them wherever they
    /// are.</summary>
    public TaskContainer? From { get; init; }

    /// <summary>A task must still have its score: one that left and came back is another case by now.</summary>
    public bool MatchesScores { get; init; }

    public static TaskSelection One(string queue, string taskId) => new(queue, [new StoredTask(taskId, null)]);

    /// <summary>The key that comes after the script's own, if any.</summary>
    public IEnumerable<RedisKey> Keys => From is null ? [] : [From.Key];

    /// <summary>The arguments that come after the script's own.</summary>
    public IEnumerable<RedisValue> Arguments =>
    [
        From is null ? "" : TaskStateWord.Of(From.State),
        .. Tasks.SelectMany(task => (RedisValue[])[task.Id, MatchesScores && task.Score is { } score ? score : ""]),
    ];
}
