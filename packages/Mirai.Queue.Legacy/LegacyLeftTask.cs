namespace Mirai.Queue.Legacy;

/// <summary>A task that a migration leaves where it is.</summary>
/// <param name="Key">The key that holds it.</param>
/// <param name="TaskId">Its id; <see langword="null"/> when the message cannot be read.</param>
/// <param name="Reason">Why.</param>
public sealed record LegacyLeftTask(string Key, string? TaskId, string Reason);
