using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>A caller who waits until its task is settled.</summary>
internal sealed class EnqueueCall(NewTask task) : TaskCompletionSource(
    TaskCreationOptions.RunContinuationsAsynchronously)
{
    public NewTask NewTask { get; } = task;
}
