namespace Mirai.Queue.Store;

/// <summary>Who a periodic task is, to every scheduler that has it.</summary>
/// <param name="Queue">The queue its tasks go to.</param>
/// <param name="Name">Its name there.</param>
internal readonly record struct PeriodicKey(string Queue, string Name);
