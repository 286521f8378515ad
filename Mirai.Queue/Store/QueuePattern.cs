namespace Mirai.Queue.Store;

/// <summary>Names that stand for many queues: <c>tenant:*</c> for every queue whose name begins with
/// <c>tenant:</c>.</summary>
internal static class QueuePattern
{
    private const char Star = '*';

    public static bool IsPattern(string name) => name.EndsWith(Star);

    /// <summary>What the names of its queues begin with.</summary>
    public static string Prefix(string pattern) => pattern[..^1];

    public static bool Matches(string pattern, string queue) =>
        queue.StartsWith(Prefix(pattern), StringComparison.Ordinal);

    /// <summary>A star anywhere but at the end is a mistake, not a name.</summary>
    public static bool IsValid(string name) => name.IndexOf(Star) is var star && (star < 0 || star == name.Length - 1);
}
