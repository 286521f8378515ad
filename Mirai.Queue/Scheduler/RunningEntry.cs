namespace Mirai.Queue.Scheduler;

/// <summary>An entry and the loop that runs it.</summary>
internal sealed record RunningEntry(EntryRunner Runner, PassLoop Loop);
