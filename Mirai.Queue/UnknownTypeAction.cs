namespace Mirai.Queue;

/// <summary>What becomes of a task whose type no handler of the worker knows.</summary>
public enum UnknownTypeAction
{
    /// <summary>It goes back without using a retry, for another worker or a later version of this one: for 2 s, then
    /// each time for twice as long, up to <see cref="QueueServerOptions.UnknownTypeMaxDelay"/>.</summary>
    PutBack,

    /// <summary>It fails like any other task, as in Asynq: retried after the retry delay, archived when its retries
    /// are used up.</summary>
    Fail,
}
