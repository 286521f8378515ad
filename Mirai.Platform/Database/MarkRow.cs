namespace Mirai.Platform.Database;

/// <summary>How far a task has come that works on what is new since it last ran.</summary>
internal sealed class MarkRow
{
    /// <summary>The type of the task.</summary>
    public required string Task { get; init; }

    public required DateTimeOffset Moment { get; set; }
}
