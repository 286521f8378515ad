namespace Mirai.Queue.Broker;

/// <summary>Where a new task waits.</summary>
internal enum Placement
{
    Pending,
    Scheduled,
    Group,
}
