using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Mirai.Queue.Server.Running;

/// <summary>Finds the value for a task type: that of the pattern that equals the type, else that of the longest
/// pattern that the type begins with (docs/wire.md, "ServeMux").</summary>
internal sealed class PatternMap<TValue>
    where TValue : class
{
    private readonly FrozenDictionary<string, TValue> exact;
    private readonly KeyValuePair<string, TValue>[] longestFirst;

    /// <exception cref="InvalidOperationException">A pattern is blank or registered twice.</exception>
    public PatternMap(IEnumerable<KeyValuePair<string, TValue>> entries)
    {
        longestFirst = [.. entries.OrderByDescending(entry => entry.Key.Length)];
        if (longestFirst.Any(entry => string.IsNullOrWhiteSpace(entry.Key)))
        {
            throw new InvalidOperationException("A pattern of task types must contain more than white space.");
        }

        if (longestFirst.GroupBy(entry => entry.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"The pattern '{twice.Key}' of task types is registered twice.");
        }

        exact = longestFirst.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public bool TryFind(string taskType, [MaybeNullWhen(false)] out TValue value)
    {
        if (exact.TryGetValue(taskType, out value))
        {
            return true;
        }

        foreach (var (pattern, candidate) in longestFirst)
        {
            if (taskType.StartsWith(pattern, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        return false;
    }
}
