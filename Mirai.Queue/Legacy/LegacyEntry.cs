namespace Mirai.Queue.Legacy;

/// <summary>One message as it was found.</summary>
/// <param name="Stored">Its bytes.</param>
/// <param name="Score">Its score; 0 in a list.</param>
/// <param name="Message">What it says; <see langword="null"/> when it cannot be read.</param>
/// <param name="Queue">The queue it belongs to.</param>
internal sealed record LegacyEntry(ReadOnlyMemory<byte> Stored, double Score, LegacyMessage? Message, string Queue);
