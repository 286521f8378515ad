using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Reads a stored document: its sections, text, word counts and key terms.</summary>
/// <param name="DocumentId">The document, stored before the task is enqueued.</param>
/// <remarks>Repeatable: a second run stores the same again. A document that is gone, or cannot be read, ends the task
/// without retries.</remarks>
[QueueTask("sme:ingestion", Queue = "default", MaxRetry = 3)]
public sealed record SmeIngestion(Guid DocumentId);
