using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>A task of an aggregation set.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="Message">What was stored; <see langword="null"/> when the bytes are no message, or there are
/// none.</param>
internal readonly record struct StagedTask(string TaskId, TaskMessage? Message);
