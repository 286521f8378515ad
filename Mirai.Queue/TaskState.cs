namespace Mirai.Queue;

/// <summary>Where a task is. The numbers are those of Asynq's API.</summary>
public enum TaskState
{
    /// <summary>A worker runs it.</summary>
    Active = 1,

    /// <summary>Waits for a free worker.</summary>
    Pending = 2,

    /// <summary>Waits for its due time.</summary>
    Scheduled = 3,

    /// <summary>Failed and waits to be tried again.</summary>
    Retry = 4,

    /// <summary>Failed for good and kept for a person to look at.</summary>
    Archived = 5,

    /// <summary>Succeeded and kept for its retention.</summary>
    Completed = 6,

    /// <summary>Waits in a group to be aggregated.</summary>
    Aggregating = 7,
}
