using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public async Task RunTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, taskId, cancellationToken).ConfigureAwait(false);
        var result = await RunAsync(database, TaskSelection.One(queue, taskId))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        result.ThrowUnlessDone(queue, taskId, "run");
    }

    public async Task ArchiveTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, taskId, cancellationToken).ConfigureAwait(false);
        var result = await ArchiveAsync(database, TaskSelection.One(queue, taskId))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        result.ThrowUnlessDone(queue, taskId, "archived");
    }

    public async Task DeleteTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, taskId, cancellationToken).ConfigureAwait(false);
        var result = await DeleteAsync(database, TaskSelection.One(queue, taskId), givesLocksBack: true)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        result.ThrowUnlessDone(queue, taskId, "deleted");
    }

    public async Task RescheduleTaskAsync(
        string queue, string taskId, DateTimeOffset processAt, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, taskId, cancellationToken).ConfigureAwait(false);
        var result = await RescheduleAsync(database, TaskSelection.One(queue, taskId), processAt)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        result.ThrowUnlessDone(queue, taskId, "rescheduled");
    }

    public async Task UpdateTaskPayloadAsync(
        string queue, string taskId, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(queue, taskId, cancellationToken).ConfigureAwait(false);
        ActionResult result;

        // Once more if somebody else changed the message in between.
        do
        {
            var task = await ReadTaskAsync(database, queue, taskId, cancellationToken).ConfigureAwait(false);
            result = new ActionResult(0, 0, task.State);
            if (task.State == TaskState.Scheduled)
            {
                result = await UpdateAsync(database, queue, [PayloadChange.Create(task, payload)])
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (result is { Count: 0, State: TaskState.Scheduled });

        result.ThrowUnlessDone(queue, taskId, "given another payload");
    }

    public Task CancelTaskAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);

        return store.PublishCancellationAsync(taskId).WaitAsync(cancellationToken);
    }

    private static async Task<StoredTask> ReadTaskAsync(
        IDatabase database, string queue, string taskId, CancellationToken cancellationToken)
    {
        var tasks = await ReadTasksAsync(database, queue, [new StoredTask(taskId, null)], cancellationToken)
            .ConfigureAwait(false);

        return tasks[0] is { State: TaskState.Scheduled, Message: null }
            ? throw new InvalidDataException($"The message of task {taskId} cannot be read.")
            : tasks[0];
    }

    private Task<IDatabase> OpenAsync(string queue, string taskId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);

        return OpenAsync(queue, cancellationToken);
    }
}
