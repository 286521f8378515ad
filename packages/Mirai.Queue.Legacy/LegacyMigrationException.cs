namespace Mirai.Queue.Legacy;

/// <summary>A migration cannot begin; the message says why and what to do.</summary>
/// <param name="message">Why.</param>
public sealed class LegacyMigrationException(string message) : InvalidOperationException(message);
