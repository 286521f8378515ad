namespace Mirai.Queue.Server.Taking;

/// <summary>One queue a server takes tasks from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight, 1 or more.</param>
/// <param name="Limit">Counts its running tasks.</param>
internal sealed record ServedQueue(string Name, int Weight, ConcurrencyLimit Limit);
