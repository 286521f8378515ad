namespace Mirai.Queue.Store;

/// <summary>The answer to one take.</summary>
/// <param name="Tasks">What was taken, the oldest first.</param>
/// <param name="Left">How many still wait; 0 while the queue is paused.</param>
/// <param name="Ghosts">How many ids were dropped because their task is gone.</param>
internal readonly record struct TakenTasks(IReadOnlyList<TakenTask> Tasks, long Left, long Ghosts);
