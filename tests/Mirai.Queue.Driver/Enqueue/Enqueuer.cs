namespace Mirai.Queue.Driver.Enqueue;

/// <summary>Carries an order out.</summary>
internal sealed class Enqueuer(IQueueClient client, EnqueueReport report, TimeProvider time)
{
    public Task RunAsync(EnqueueOrder order) => order.IsBulk ? SendBulkAsync(order) : SendAsync(order);

    // Each caller awaits its task before it takes the next index.
    private Task SendAsync(EnqueueOrder order)
    {
        var next = -1;
        var callers = Enumerable.Range(0, Math.Min(order.Concurrency, order.Count));

        return Task.WhenAll(callers.Select(_ => Task.Run(SendShareAsync)));

        async Task SendShareAsync()
        {
            while (Interlocked.Increment(ref next) is var index && index < order.Count)
            {
                await SendAsync(order, index);
            }
        }
    }

    private async Task SendAsync(EnqueueOrder order, int index)
    {
        var started = time.GetTimestamp();
        try
        {
            var task = await client.EnqueueAsync(order.CreateTask(index));
            report.Enqueued(task, time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            report.Failed(index, exception, time.GetElapsedTime(started));
        }
    }

    private async Task SendBulkAsync(EnqueueOrder order)
    {
        var (indexes, tasks) = CreateTasks(order);
        var started = time.GetTimestamp();
        var results = await client.EnqueueManyAsync(tasks);
        var took = time.GetElapsedTime(started);
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Task is { } task)
            {
                report.Enqueued(task, took);
            }
            else
            {
                report.Failed(indexes[i], results[i].Error!, took);
            }
        }
    }

    private (List<int> Indexes, List<QueueTask> Tasks) CreateTasks(EnqueueOrder order)
    {
        var (indexes, tasks) = (new List<int>(order.Count), new List<QueueTask>(order.Count));
        for (var index = 0; index < order.Count; index++)
        {
            try
            {
                tasks.Add(order.CreateTask(index));
                indexes.Add(index);
            }
            catch (ArgumentException exception)
            {
                report.Failed(index, exception, TimeSpan.Zero);
            }
        }

        return (indexes, tasks);
    }
}
