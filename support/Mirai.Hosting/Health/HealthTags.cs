namespace Mirai.Hosting.Health;

/// <summary>Which question a health check answers.</summary>
public static class HealthTags
{
    /// <summary>Would a restart help?</summary>
    public const string Live = "live";

    /// <summary>Can the program do its work now?</summary>
    public const string Ready = "ready";

    /// <summary>Has the program begun?</summary>
    public const string Startup = "startup";
}
