namespace Mirai.Cache.Telemetry;

/// <summary>Why a stale entry was served.</summary>
internal static class StaleReason
{
    /// <summary>The next one is being made.</summary>
    public const string Revalidating = "revalidating";

    /// <summary>Making the next one failed.</summary>
    public const string Error = "error";

    /// <summary>Making the next one takes longer than callers wait.</summary>
    public const string Slow = "slow";
}
