using Microsoft.Extensions.Options;
using Mirai.Queue;
using Mirai.Queue.Inspector;

namespace Mirai.Api.Queues;

/// <summary>Looks at queues for as long as a request may wait, and no longer.</summary>
internal sealed class QueueReader(IQueueInspector inspector, IOptions<ApiOptions> options, TimeProvider time)
{
    // Round trips that are under way at once.
    private const int QueuesAtOnce = 50;

    /// <summary>One task; <see langword="null"/> when there is none.</summary>
    /// <exception cref="TimeoutException">Redis did not answer in time.</exception>
    public Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken) =>
        BoundAsync(token => inspector.FindTaskAsync(queue, taskId, token), cancellationToken);

    /// <summary>Whatever takes one round trip or two.</summary>
    /// <exception cref="TimeoutException">Redis did not answer in time. What was asked for may have happened.</exception>
    public Task<T> AskAsync<T>(
        Func<IQueueInspector, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        BoundAsync(token => ask(inspector, token), cancellationToken);

    /// <summary>All queues, by name.</summary>
    /// <exception cref="TimeoutException">Redis did not answer in time.</exception>
    public Task<IReadOnlyList<QueueInfo>> ListAsync(CancellationToken cancellationToken) =>
        BoundAsync(ReadAllAsync, cancellationToken);

    private async Task<IReadOnlyList<QueueInfo>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var queues = new List<QueueInfo>();
        foreach (var names in (await inspector.ListQueuesAsync(cancellationToken)).Chunk(QueuesAtOnce))
        {
            var found = await Task.WhenAll(names.Select(name => inspector.FindQueueAsync(name, cancellationToken)));
            queues.AddRange(found.OfType<QueueInfo>()); // one may have been deleted meanwhile
        }

        return queues;
    }

    private async Task<T> BoundAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RedisTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The first caller waits for the connection, which knows no token.
            return await read(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Redis did not answer within {options.Value.RedisTimeout}.");
        }
    }
}
