using Microsoft.Extensions.Options;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Api.Queues;

/// <summary>Reads queues within <see cref="ApiOptions.RedisTimeout"/>. Every method throws a
/// <see cref="TimeoutException"/> when Redis did not answer by then.</summary>
internal sealed class QueueReader(IQueueInspector inspector, IOptions<ApiOptions> options, TimeProvider time)
{
    // Round trips at the same time.
    private const int QueuesAtOnce = 50;

    /// <summary>One task; <see langword="null"/> when there is none.</summary>
    /// <exception cref="TimeoutException">Redis did not answer in time.</exception>
    public Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken) =>
        BoundAsync(token => inspector.FindTaskAsync(queue, taskId, token), cancellationToken);

    /// <summary>Whatever takes one round trip or two.</summary>
    /// <exception cref="TimeoutException">Redis did not answer in time. It may have done what it was asked
    /// for.</exception>
    public Task<T> AskAsync<T>(
        Func<IQueueInspector, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        BoundAsync(token => ask(inspector, token), cancellationToken);

    /// <summary>One queue; <see langword="null"/> when there is none.</summary>
    public Task<QueueInfo?> FindAsync(string queue, CancellationToken cancellationToken) =>
        BoundAsync(token => inspector.FindQueueAsync(queue, token), cancellationToken);

    /// <summary>The queues that are asked for, by name. A queue that Redis refuses to read has a fault in place of its
    /// numbers, and keeps nobody from the others.</summary>
    public Task<IReadOnlyList<ReadQueue>> ListAsync(
        Func<string, bool> isWanted, CancellationToken cancellationToken) =>
        BoundAsync(token => ReadAllAsync(isWanted, token), cancellationToken);

    /// <summary>What a queue did on the last days, today first.</summary>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    public Task<IReadOnlyList<QueueDay>> ListHistoryAsync(
        string queue, int days, CancellationToken cancellationToken) =>
        BoundAsync(token => inspector.ListHistoryAsync(queue, days, token), cancellationToken);

    /// <summary>The groups of a queue, by name; <see langword="null"/> when there is no such queue.</summary>
    public Task<Page<GroupInfo>?> ListGroupsAsync(string queue, Paging page, CancellationToken cancellationToken) =>
        BoundAsync(token => ReadGroupsAsync(queue, page, token), cancellationToken);

    /// <summary>The servers that run, by host.</summary>
    public Task<IReadOnlyList<QueueServerInfo>> ListServersAsync(CancellationToken cancellationToken) =>
        BoundAsync(inspector.ListServersAsync, cancellationToken);

    /// <summary>The entries of the schedulers that run.</summary>
    public Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulesAsync(CancellationToken cancellationToken) =>
        BoundAsync(inspector.ListSchedulerEntriesAsync, cancellationToken);

    /// <summary>What a scheduler's entry has enqueued, the newest first.</summary>
    public Task<Page<SchedulerEventInfo>> ListScheduleEventsAsync(
        string entryId, Paging page, CancellationToken cancellationToken) =>
        BoundAsync(token => inspector.ListSchedulerEventsAsync(entryId, page, token), cancellationToken);

    private async Task<IReadOnlyList<ReadQueue>> ReadAllAsync(
        Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var queues = new List<ReadQueue>();
        var wanted = (await inspector.ListQueuesAsync(cancellationToken)).Where(isWanted);
        foreach (var names in wanted.Chunk(QueuesAtOnce))
        {
            var found = await Task.WhenAll(names.Select(name => ReadAsync(name, cancellationToken)));
            queues.AddRange(found.OfType<ReadQueue>()); // a queue may have been deleted since
        }

        return queues;
    }

    private async Task<ReadQueue?> ReadAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return await inspector.FindQueueAsync(queue, cancellationToken) is { } info
                ? new ReadQueue(info, null)
                : null;
        }
        catch (Exception fault) when (fault is RedisServerException or RedisConnectionException)
        {
            // A key of the wrong type, no permission, or a shard that is away.
            return new ReadQueue(new QueueInfo { Queue = queue, Timestamp = time.GetUtcNow() }, fault.Message);
        }
    }

    // A queue with groups exists; only a queue without groups needs a second look.
    private async Task<Page<GroupInfo>?> ReadGroupsAsync(
        string queue, Paging page, CancellationToken cancellationToken)
    {
        var groups = await inspector.ListGroupsAsync(queue, page, cancellationToken);

        return groups.Count > 0 || await inspector.FindQueueAsync(queue, cancellationToken) is not null
            ? groups : null;
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

/// <summary>A queue of a list.</summary>
/// <param name="Info">The queue; without numbers when they could not be read.</param>
/// <param name="Fault">Why they could not be read.</param>
internal sealed record ReadQueue(QueueInfo Info, string? Fault);
