using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Enqueues a <see cref="SmeIngestion"/> for documents that have none, or lost theirs.</summary>
[QueueTask("sme:ingestion:poll", Queue = "default", MaxRetry = 0, TimeoutSeconds = 60)]
public sealed record SmeIngestionPoll;
