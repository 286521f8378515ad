using Mirai.Local.Redis;

namespace Mirai.Testing;

/// <summary>The test stops, kills or freezes a <c>redis-server</c> of its own. It is skipped on a machine without
/// <c>redis-server</c>.</summary>
public sealed class RequiresRedisServerAttribute : RequirementAttribute
{
    protected override string Category => "RequiresRedisServer";

    protected override string? FindSkipReason() =>
        RedisServerProcess.FindExecutable() is null ? "There is no redis-server on the PATH." : null;
}
