using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Makes a course, or writes the lessons of one.</summary>
/// <param name="JobId">The job, stored before the task is enqueued.</param>
/// <remarks>Repeatable: what is made already is not made again. A job that is gone, cancelled or done ends the task;
/// one whose documents or whose model will not do ends it without retries. A model that asks to come later uses no
/// retry.</remarks>
[QueueTask("ai:generation", Queue = "default", MaxRetry = 3)]
public sealed record AiGeneration(Guid JobId);
