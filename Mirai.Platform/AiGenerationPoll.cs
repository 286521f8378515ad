using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Enqueues an <see cref="AiGeneration"/> for each job whose documents are read, and again for jobs that lost
/// theirs.</summary>
[QueueTask("ai:generation:poll", Queue = "default", MaxRetry = 0, TimeoutSeconds = 60)]
public sealed record AiGenerationPoll;
