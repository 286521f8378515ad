namespace Mirai.Api.Queues;

/// <summary>What came of pausing or resuming a queue.</summary>
/// <param name="Changed">It was not in that state before.</param>
internal sealed record QueueChangeResponse(bool Changed);
