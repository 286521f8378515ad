namespace Mirai.Queue.Store;

/// <summary>News for idle workers.</summary>
/// <param name="Queue">The queue it is about.</param>
/// <param name="DueAt">When something is due; <see langword="null"/> when something waits already.</param>
internal readonly record struct WakeUp(string Queue, DateTimeOffset? DueAt);
