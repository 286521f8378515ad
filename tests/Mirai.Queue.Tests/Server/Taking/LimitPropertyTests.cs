using System.Collections.Concurrent;
using CsCheck;
using Mirai.Queue.Server;

namespace Mirai.Queue.Tests.Server.Taking;

/// <summary>Whatever comes, in whatever order, under whatever limits: no limit is exceeded, every task runs exactly
/// once, and none is charged.</summary>
internal sealed class LimitPropertyTests : ServerTest
{
    private static readonly string[] Queues = ["mail", "low", "tenant:1"];
    private static readonly string[] Types = ["mail:a", "mail:b", "mail:b:small"];

    [Test]
    public async Task Limits_AreNeverExceeded_AndNothingIsLostOrCharged()
    {
        var limits = Gen.Select(Gen.Int[0, 3].Array[3], Gen.Int[0, 3].Array[3], Gen.Int[0, 5].Array[3]);
        var step = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 12]);

        await Gen.Select(Gen.Int[1, 8], limits, limits, step.Array[5, 30]).SampleAsync(
            async (concurrency, before, after, steps) =>
            {
                await EmptyRedisAsync();
                Time.Advance(TimeSpan.FromMinutes(2)); // clients register their queues again
                var world = new World(this, concurrency, before, after);
                foreach (var (operation, queue, type, count) in steps)
                {
                    await world.DoAsync(operation, queue, type, count);
                }

                await world.FinishAsync();
            },
            iter: 25,
            threads: 1);
    }

    /// <summary>One worker, its producers, and what its handlers see.</summary>
    private sealed class World
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly LimitPropertyTests test;
        private readonly (int[] Queues, int[] Types, int[] Weights) after;
        private readonly ConcurrentDictionary<string, (TaskContext Context, TaskCompletionSource End)> running = new();
        private readonly ConcurrentBag<string> ended = [];
        private readonly Lock gate = new();
        private readonly ConcurrentBag<string> faults = [];
        private readonly QueueServerParts parts;
        private QueueServerOptions options;
        private int enqueued;

        public World(
            LimitPropertyTests test, int concurrency, (int[] Queues, int[] Types, int[] Weights) before,
            (int[] Queues, int[] Types, int[] Weights) after)
        {
            (this.test, this.after, options) = (test, after, Options(before));
            parts = test.Parts(HandleAsync, options =>
            {
                options.Concurrency = concurrency;
                options.Queues.Clear();
                Copy(this.options, options);
            });
            parts.Syncer.Start();
        }

        public Task DoAsync(int operation, int queue, int type, int count) => operation switch
        {
            0 or 1 => EnqueueAsync(Queues[queue], Types[type], count),
            2 or 3 => FillAsync(),
            4 => EndAsync(count),
            5 => PassAsync(count),
            6 => ReloadAsync(after),
            _ => parts.Watcher.RunOnceAsync(CancellationToken.None),
        };

        /// <summary>Serves every queue until nothing is left.</summary>
        public async Task FinishAsync()
        {
            await ReloadAsync((after.Queues, after.Types, [1, 1, 1]));
            for (var step = 0; ended.Count < enqueued && step < 500; step++)
            {
                await parts.Watcher.RunOnceAsync(CancellationToken.None);
                await FillAsync();
                await EndAsync(100);
                await PassAsync(1);
            }

            await parts.Syncer.StopAsync(Patience, TimeProvider.System);
            Assert.That(faults, Is.Empty);
            Assert.That(ended, Has.Count.EqualTo(enqueued), "tasks that never ran");
            Assert.That(ended, Is.Unique);
            Assert.That(await KeysAsync(), Has.None.Contains(":t:").And.None.Contains(":failed"));
        }

        private static QueueServerOptions Options((int[] Queues, int[] Types, int[] Weights) limits)
        {
            var options = new QueueServerOptions();
            for (var i = 0; i < 3; i++)
            {
                options.Queues[i == 2 ? "tenant:*" : Queues[i]] = limits.Weights[i];
                if (limits.Queues[i] > 0)
                {
                    options.QueueLimits[Queues[i]] = limits.Queues[i];
                }

                if (limits.Types[i] > 0)
                {
                    options.TypeLimits[Types[i]] = limits.Types[i];
                }
            }

            return options;
        }

        private static void Copy(QueueServerOptions from, QueueServerOptions to)
        {
            foreach (var (source, target) in new[]
            {
                (from.Queues, to.Queues), (from.QueueLimits, to.QueueLimits), (from.TypeLimits, to.TypeLimits),
            })
            {
                foreach (var (name, value) in source)
                {
                    target[name] = value;
                }
            }
        }

        private Task HandleAsync(TaskContext context)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (context.Retried > 0)
            {
                faults.Add($"{context.TaskId} was charged");
            }

            lock (gate)
            {
                // Checked before the task counts as running, after which the test changes the limits.
                Check(
                    1 + running.Values.Count(task => task.Context.Queue == context.Queue), options.QueueLimits,
                    context.Queue);
                Check(1 + running.Values.Count(task => LimitedType(task.Context.Type) == LimitedType(context.Type)),
                    options.TypeLimits, LimitedType(context.Type));
                running[context.TaskId] = (context, end);
            }

            return end.Task;
        }

        // "mail:b" is the beginning of "mail:b:small", which counts there unless it has a limit of its own.
        private string LimitedType(string type) =>
            type == "mail:b:small" && !options.TypeLimits.ContainsKey(type) ? "mail:b" : type;

        private void Check(int count, IDictionary<string, int> limits, string name)
        {
            if (limits.TryGetValue(name, out var limit) && count > limit)
            {
                faults.Add($"{count} tasks of {name} run, the limit is {limit}");
            }
        }

        private async Task EnqueueAsync(string queue, string type, int count)
        {
            await test.EnqueueAsync([.. Enumerable.Range(0, count).Select(
                i => test.NewTask($"t{enqueued + i}", new EnqueueOptions { Queue = queue }, type))]);
            enqueued += count;
        }

        private async Task FillAsync()
        {
            await parts.Processor.FillAsync();
            await WaitAsync();
        }

        private async Task EndAsync(int count)
        {
            foreach (var id in running.Keys.Take(count))
            {
                running.Remove(id, out var task);
                ended.Add(id);
                task.End.SetResult();
            }

            await WaitAsync();
            Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
        }

        private async Task PassAsync(int seconds)
        {
            test.Time.Advance(TimeSpan.FromSeconds(seconds));
            await parts.Heartbeater.RunOnceAsync(CancellationToken.None); // the leases of what runs
            await parts.Forwarder.RunOnceAsync(CancellationToken.None);
            await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        }

        private Task ReloadAsync((int[] Queues, int[] Types, int[] Weights) limits)
        {
            options = Options(limits);
            parts.Queues.Apply(options);
            return Task.CompletedTask;
        }

        private async Task WaitAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            while (running.Count != parts.Running.Count || parts.Syncer.Leases().Count > 0)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Redis.PingAsync(); // lets others run, unlike a mere yield
            }
        }
    }
}
