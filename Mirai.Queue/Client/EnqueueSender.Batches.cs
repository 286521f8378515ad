using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Client;

internal sealed partial class EnqueueSender
{
    /// <summary>How many tasks one script call stores at most: less than 2 ms of Redis.</summary>
    internal const int MostTasks = 500;

    /// <summary>How many bytes one script call stores at most, unless a single task is larger.</summary>
    internal const int MostBytes = 1024 * 1024;

    private const int MostRoutesAtOnce = 4;

    private static readonly BackOff BackOff = new(TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(1));

    /// <summary>Sends many tasks. The batches of one route are sent one after the other, so that tasks keep their
    /// order; a few routes are sent at a time.</summary>
    /// <remarks>Settles every task or records why its outcome is unknown. Throws no exception of Redis.</remarks>
    public async Task SendManyAsync(IEnumerable<NewTask> tasks, CancellationToken cancellationToken)
    {
        foreach (var routes in Cut(tasks).GroupBy(batch => batch.Route, batch => batch.Tasks).Chunk(MostRoutesAtOnce))
        {
            await Task.WhenAll(routes.Select(route => SendRouteAsync(route.Key, route, cancellationToken)))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Cuts tasks into script calls: one route each, bounded in number and size.</summary>
    internal static IEnumerable<(EnqueueRoute Route, List<NewTask> Tasks)> Cut(IEnumerable<NewTask> tasks)
    {
        var open = new Dictionary<EnqueueRoute, (List<NewTask> Tasks, int Bytes)>();
        foreach (var task in tasks)
        {
            var batch = open.GetValueOrDefault(task.Route, ([], 0));
            if (batch.Tasks.Count == MostTasks
                || (batch.Tasks.Count > 0 && batch.Bytes + task.Encoded.Length > MostBytes))
            {
                yield return (task.Route, batch.Tasks);
                batch = ([], 0);
            }

            batch.Tasks.Add(task);
            open[task.Route] = (batch.Tasks, batch.Bytes + task.Encoded.Length);
        }

        foreach (var (route, batch) in open)
        {
            yield return (route, batch.Tasks);
        }
    }

    private async Task SendRouteAsync(
        EnqueueRoute route, IEnumerable<List<NewTask>> batches, CancellationToken cancellationToken)
    {
        foreach (var tasks in batches)
        {
            try
            {
                await SendBatchAsync(route, tasks, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                tasks.ForEach(task => task.Fail(exception));
            }
        }
    }

    private async Task SendBatchAsync(EnqueueRoute route, List<NewTask> tasks, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await store.EnqueueAsync(route, tasks).WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            await RepeatAsync(tasks, exception, started, cancellationToken).ConfigureAwait(false);
        }
    }

    // Sends the tasks, all of one route, again and again until they are settled or the timeout is over that began at
    // "started".
    private async Task RepeatAsync(
        IReadOnlyList<NewTask> tasks, Exception cause, long started, CancellationToken cancellationToken)
    {
        var left = timeout - time.GetElapsedTime(started);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var repetition = new EnqueueRepetition(store, tasks, cause, time);
        try
        {
            for (var attempt = 0; !await repetition.TryAgainAsync(either.Token).ConfigureAwait(false); attempt++)
            {
                await Task.Delay(BackOff.Pause(attempt), time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RedisConnectionException(
                (cause as RedisConnectionException)?.FailureType ?? ConnectionFailureType.UnableToConnect,
                CommandFlags.None,
                $"Redis did not answer within {timeout}: {cause.Message}",
                cause,
                CommandStatus.Unknown);
        }
    }
}
