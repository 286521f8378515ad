namespace Mirai.Queue.Store;

/// <summary>What became of a tick. The numbers are those of <c>enqueue_tick.lua</c>.</summary>
internal enum TickOutcome
{
    /// <summary>Somebody settled it before, or a later one.</summary>
    SettledBefore = 0,

    /// <summary>Its task is in the queue.</summary>
    Enqueued = 1,

    /// <summary>The task of the last tick still waits or runs.</summary>
    Overlaps = 2,

    /// <summary>The id that the options name belongs to another task.</summary>
    TaskIdConflict = 3,

    /// <summary>An equal task holds the uniqueness lock.</summary>
    Duplicate = 4,
}
