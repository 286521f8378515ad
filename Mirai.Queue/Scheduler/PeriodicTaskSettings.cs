namespace Mirai.Queue.Scheduler;

/// <summary>A periodic task as configuration spells it.</summary>
internal sealed class PeriodicTaskSettings
{
    public string? Spec { get; set; }

    public string? Type { get; set; }

    /// <summary>The payload as text, JSON for instance; stored as UTF-8.</summary>
    public string? Payload { get; set; }

    public string? TimeZone { get; set; }

    public MissedTickPolicy Missed { get; set; }

    public OverlapPolicy Overlap { get; set; }

    public string? Queue { get; set; }

    public int? MaxRetry { get; set; }

    public TimeSpan? Timeout { get; set; }

    public TimeSpan? UniqueFor { get; set; }

    public TimeSpan? Retention { get; set; }
}
