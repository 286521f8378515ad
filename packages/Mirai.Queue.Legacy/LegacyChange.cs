namespace Mirai.Queue.Legacy;

/// <summary>A message to act on.</summary>
/// <param name="Entry">As it was found.</param>
/// <param name="Message">What is stored from now on.</param>
internal sealed record LegacyChange(LegacyEntry Entry, ReadOnlyMemory<byte> Message)
{
    public static LegacyChange None(LegacyEntry entry) => new(entry, entry.Stored);

    /// <exception cref="ArgumentException">The payload is no JSON object.</exception>
    public static LegacyChange Payload(LegacyEntry entry, ReadOnlyMemory<byte> payload) =>
        new(entry, (entry.Message! with { Payload = LegacyTaskFactory.PayloadText(payload) }).Encode());
}
