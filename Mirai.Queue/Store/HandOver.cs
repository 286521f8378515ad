namespace Mirai.Queue.Store;

/// <summary>What became of an aggregate.</summary>
internal enum HandOver
{
    /// <summary>It is in its queue, and the tasks it was made of are gone.</summary>
    Done,

    /// <summary>It is in its queue; tasks it was made of are left to delete.</summary>
    DeletionsLeft,

    /// <summary>Not enqueued: the tasks are not what was read. They went back to their group, or an earlier call whose
    /// reply got lost has enqueued their aggregate.</summary>
    SetGone,

    /// <summary>Not enqueued: its id belongs to another task.</summary>
    TaskIdConflict,

    /// <summary>Not enqueued: an equal task holds the uniqueness lock.</summary>
    Duplicate,
}
