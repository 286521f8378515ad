using System.Globalization;

namespace Mirai.Cache.Locks;

/// <summary>What stands in a lock: <c>&lt;Unix nanoseconds&gt;-&lt;8 hex digits&gt;</c>.</summary>
internal static class LockOwner
{
    private const long NanosecondsPerTick = 100;

    public static string New(TimeProvider time)
    {
        var nanoseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds}-{(uint)Random.Shared.NextInt64():x8}");
    }
}
