using System.Collections.Concurrent;
using Mirai.Queue.Server;

namespace Mirai.Queue.Tests.Server.Taking;

/// <summary>A server whose handlers end when the test says so.</summary>
internal abstract class LimitTest : ServerTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> running = new();

    /// <summary>Ids of the tasks that run.</summary>
    protected IEnumerable<string> Running => running.Keys.Order(StringComparer.Ordinal);

    [SetUp]
    public void ForgetRunning() => running.Clear();

    protected QueueServerParts HoldingParts(Action<QueueServerOptions> configure)
    {
        var parts = Parts(
            context =>
            {
                var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                running[context.TaskId] = end;
                return end.Task;
            },
            configure);
        parts.Syncer.Start();

        return parts;
    }

    /// <summary>Fills the free slots until there is nothing to start, and waits for the handlers and the
    /// write-back.</summary>
    protected async Task FillAsync(QueueServerParts parts)
    {
        bool goOn;
        do
        {
            goOn = (await parts.Processor.FillAsync()).GoOn && parts.Running.Free > 0;
            await WaitAsync(() => running.Count == parts.Running.Count && parts.Syncer.Leases().Count == 0);
        }
        while (goOn);
    }

    /// <summary>Ends handlers with success.</summary>
    protected async Task EndAsync(QueueServerParts parts, params string[] ids)
    {
        foreach (var id in ids)
        {
            Assert.That(running.TryRemove(id, out var end), Is.True, $"{id} does not run");
            end!.SetResult();
        }

        await WaitAsync(() => running.Count == parts.Running.Count && parts.Syncer.Leases().Count == 0);
    }

    protected static NewTaskBatch Tasks(string type, int count, string queue = "mail") => new(
        [.. Enumerable.Range(0, count).Select(i => $"{queue}-{type}{i:000}")], type, queue);

    protected async Task EnqueueAsync(NewTaskBatch batch)
    {
        foreach (var chunk in batch.Ids.Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(
                id => NewTask(id, new EnqueueOptions { Queue = batch.Queue }, $"mail:{batch.Type}"))]);
        }
    }

    protected static async Task WaitAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Redis.PingAsync(); // lets others run, unlike a mere yield
        }
    }

    protected sealed record NewTaskBatch(string[] Ids, string Type, string Queue);
}
