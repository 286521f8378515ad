namespace Mirai.Queue.Store;

/// <summary>The answer to one step of moving tasks into an aggregation set.</summary>
/// <param name="Size">How many tasks the set has; 0 when its group is not due.</param>
/// <param name="Bytes">The size of the messages moved.</param>
/// <param name="HasMore">More tasks belong to the set.</param>
internal readonly record struct StagedTasks(int Size, long Bytes, bool HasMore);
