namespace Mirai.Platform.Outbox;

/// <summary>What a pass over the outbox did.</summary>
/// <param name="Claimed">How many tasks it took in hand.</param>
/// <param name="Outage">Why some of them could not be published yet; <see langword="null"/> when all were.</param>
internal sealed record OutboxPass(int Claimed, Exception? Outage);
