namespace Mirai.Cache.Store;

/// <summary>Every name in Redis except the keys of entries, on one page. The braces put a key into the same slot of a
/// Redis Cluster as the entry or lock that it belongs to.</summary>
internal static class RedisNames
{
    /// <summary>The channel on which caches report changes to each other.</summary>
    public const string ChangesChannel = "mirai:cache:changes";

    /// <summary>A key that never exists: its deletion shows whether Redis accepts writes.</summary>
    public const string WriteProbe = "mirai:cache:probe";

    /// <summary>The lock of a key, as Go and TypeScript services name it.</summary>
    public static string Lock(string key) => $"lock:{key}";

    /// <summary>The last fencing token of a lock.</summary>
    public static string Fence(string key) => $"mirai:fence:{{lock:{key}}}";

    /// <summary>The channel on which the release of a lock is reported.</summary>
    public static string ReleaseChannel(string key) => $"mirai:lock:{key}:released";

    /// <summary>The token of the one fill that may store an entry.</summary>
    public static string Fill(string key) => $"mirai:fill:{{{key}}}";

    /// <summary>The mark of a tag.</summary>
    public static string Tag(string tag) => $"mirai:tag:{tag}";
}
