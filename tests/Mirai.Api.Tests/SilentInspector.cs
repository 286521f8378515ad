using Mirai.Queue;
using Mirai.Queue.Inspector;

namespace Mirai.Api.Tests;

/// <summary>An inspector that never answers, as with a Redis that is frozen.</summary>
internal sealed class SilentInspector : IQueueInspector
{
    private readonly TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody asked.</summary>
    public Task Called => called.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    /// <summary>Whoever asked does not want to know any more.</summary>
    public Task Cancelled => cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default) =>
        NeverAsync<IReadOnlyList<string>>(cancellationToken);

    public Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default) =>
        NeverAsync<QueueInfo?>(cancellationToken);

    public Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default) =>
        NeverAsync<TaskInfo?>(cancellationToken);

    private async Task<T> NeverAsync<T>(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => cancelled.TrySetResult());
        called.TrySetResult();
        return await new TaskCompletionSource<T>().Task;
    }
}
