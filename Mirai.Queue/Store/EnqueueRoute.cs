namespace Mirai.Queue.Store;

/// <summary>New tasks with the same route can share a script call.</summary>
internal readonly record struct EnqueueRoute(string Queue, Placement Placement, bool Unique);
