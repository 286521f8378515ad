namespace Mirai.Queue.Store;

/// <summary>Where a new task waits.</summary>
internal enum Placement
{
    Pending,
    Scheduled,
    Group,
}
