using System.Collections.Concurrent;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Groups whose last aggregation by this server failed: each waits before the next one, longer after each
/// failure. Otherwise, a group that fails at once would fail in an endless loop.</summary>
internal sealed class FailedGroups(TimeProvider time)
{
    // Callers choose the names of groups: names that nobody uses again must not fill the memory.
    private const int MostGroups = 10_000;

    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(15), GroupAggregation.Patience);

    private readonly ConcurrentDictionary<(string Queue, string Group), (int Failures, DateTimeOffset Until)> groups =
        new();

    public bool MustWait(string queue, string group) =>
        groups.TryGetValue((queue, group), out var entry) && entry.Until > time.GetUtcNow();

    /// <summary>Counts a failure.</summary>
    /// <returns>How long the group waits.</returns>
    public TimeSpan Add(string queue, string group)
    {
        if (groups.Count >= MostGroups)
        {
            groups.Clear();
        }

        var before = groups.GetValueOrDefault((queue, group)).Failures;
        var pause = Pauses.Bound(before);
        groups[(queue, group)] = (before + 1, time.GetUtcNow() + pause);

        return pause;
    }

    public void Remove(string queue, string group) => groups.TryRemove((queue, group), out _);
}
