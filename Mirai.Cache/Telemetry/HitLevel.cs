namespace Mirai.Cache.Telemetry;

/// <summary>Where a read found its entry.</summary>
internal static class HitLevel
{
    public const string Local = "local";
    public const string Redis = "redis";
}
