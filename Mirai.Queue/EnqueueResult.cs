namespace Mirai.Queue;

/// <summary>What became of one task of <see cref="IQueueClient.EnqueueManyAsync"/>.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="TaskId">The id the task has or would have had; <see langword="null"/> when it was not valid.</param>
/// <param name="Task">The task as stored; <see langword="null"/> unless <see cref="EnqueueStatus.Enqueued"/>.</param>
/// <param name="Error">Why it was not stored: what <see cref="IQueueClient.EnqueueAsync(QueueTask, EnqueueOptions?,
/// CancellationToken)"/> would have thrown.</param>
public sealed record EnqueueResult(EnqueueStatus Status, string? TaskId, TaskInfo? Task, Exception? Error);
