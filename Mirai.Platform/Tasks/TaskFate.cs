namespace Mirai.Platform.Tasks;

/// <summary>What became of a task that somebody still waits for.</summary>
internal enum TaskFate
{
    /// <summary>It waits in the outbox or in its queue, or runs.</summary>
    Alive,

    /// <summary>It is in the archive: its retries are used up, or a person put it there.</summary>
    GivenUp,

    /// <summary>It is nowhere, or it is done and its work is not.</summary>
    Gone,
}
