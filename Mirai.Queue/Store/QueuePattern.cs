namespace Mirai.Queue.Store;

/// <summary>Names that stand for many queues: <c>tenant:*</c> for every queue whose name begins with
/// <c>tenant:</c>.</summary>
internal static class QueuePattern
{
    private const char Star = '*';

    public static bool IsPattern(string name) => name.EndsWith(Star);

    /// <summary>The beginning of the names of all queues of a pattern.</summary>
    public static string Prefix(string pattern) => pattern[..^1];

    public static bool Matches(string pattern, string queue) =>
        queue.StartsWith(Prefix(pattern), StringComparison.Ordinal);
}
