namespace Mirai.Queue.Server.Taking;

/// <summary>A take whose reply never came.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="LeaseExpiry">The expiry it wrote for every task it took, in Unix seconds.</param>
/// <param name="Count">The most it can have taken.</param>
internal sealed record LostTake(string Queue, long LeaseExpiry, int Count);
