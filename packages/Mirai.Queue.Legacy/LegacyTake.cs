using Mirai.Queue.Store;

namespace Mirai.Queue.Legacy;

/// <summary>One queue's part of a take.</summary>
internal sealed class LegacyTake(string queue, int count)
    : TaskCompletionSource<TakenTasks>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Queue { get; } = queue;

    public int Count { get; } = count;
}
