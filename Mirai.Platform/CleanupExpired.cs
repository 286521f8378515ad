using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Deletes what nobody needs any more: expired registrations, stale cache entries, old rows.</summary>
[QueueTask("cleanup:expired", Queue = "low", MaxRetry = 1, TimeoutSeconds = 600)]
public sealed record CleanupExpired;
