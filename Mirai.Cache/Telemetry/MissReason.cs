namespace Mirai.Cache.Telemetry;

/// <summary>Why a read missed.</summary>
internal static class MissReason
{
    public const string Absent = "absent";
    public const string Expired = "expired";
    public const string Damaged = "damaged";
    public const string NewerVersion = "version";
    public const string Tag = "tag";
    public const string Bypassed = "bypassed";
}
