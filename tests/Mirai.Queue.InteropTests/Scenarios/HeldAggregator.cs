namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>An aggregator that works until the test lets it go; the recorder's makes <c>agg</c> of what it
/// got.</summary>
internal sealed class HeldAggregator : ITaskAggregator
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has begun.</summary>
    public Task Started => started.Task;

    /// <summary>Lets it go.</summary>
    public void Finish() => finish.TrySetResult();

    public async Task<QueueTask> AggregateAsync(
        string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken)
    {
        started.TrySetResult();
        await finish.Task.WaitAsync(cancellationToken);
        var payloads = tasks.Select(
            task => System.Text.Encoding.UTF8.GetString(task.Payload.GetValueOrDefault().Span));

        return new QueueTask(
            "n:batch",
            System.Text.Encoding.UTF8.GetBytes(string.Join(',', payloads)),
            new EnqueueOptions { TaskId = "agg" });
    }
}
