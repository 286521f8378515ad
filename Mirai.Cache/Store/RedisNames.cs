namespace Mirai.Cache.Store;

/// <summary>Every name in Redis that is not an entry's, on one page. The braces put a key into the slot of what it
/// belongs to in a cluster.</summary>
internal static class RedisNames
{
    /// <summary>The channel on which caches tell each other what changed.</summary>
    public const string ChangesChannel = "mirai:cache:changes";

    /// <summary>The channel on which Redis tells clients with a redirected CLIENT TRACKING what changed.</summary>
    public const string TrackingChannel = "__redis__:invalidate";

    /// <summary>A key that never is: to delete it shows whether Redis takes writes.</summary>
    public const string WriteProbe = "mirai:cache:probe";

    /// <summary>The lock about a key, as Go and TypeScript services name it.</summary>
    public static string Lock(string key) => $"lock:{key}";

    /// <summary>The last fencing token of a lock.</summary>
    public static string Fence(string key) => $"mirai:fence:{{lock:{key}}}";

    /// <summary>The channel on which a lock's release is told.</summary>
    public static string ReleaseChannel(string key) => $"mirai:lock:{key}:released";

    /// <summary>The token of the one fill that may store what it makes for an entry.</summary>
    public static string Fill(string key) => $"mirai:fill:{{{key}}}";

    /// <summary>The mark of a tag.</summary>
    public static string Tag(string tag) => $"mirai:tag:{tag}";
}
