using System.Globalization;
using Mirai.Faults.Worker;
using Mirai.Local.Redis;
using Mirai.Queue.Wire;
using Mirai.Testing;
using NUnit.Framework.Interfaces;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Harness;

/// <summary>A scenario with a <c>redis-server</c> and worker processes of its own, so that scenarios run side by
/// side.</summary>
[RequiresRedisServer]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal abstract class FaultTest
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<WorkerProcess> workers = [];
    private readonly List<IAsyncDisposable> others = [];
    private ConnectionMultiplexer? connection;

    protected static TimeProvider Time => TimeProvider.System;

    protected RedisServerProcess RedisServer { get; private set; } = null!;

    /// <summary>The view of the test, past every proxy.</summary>
    protected IDatabase Redis => connection!.GetDatabase();

    /// <summary>Further settings of the <c>redis-server</c>.</summary>
    protected virtual string[] RedisSettings => [];

    [SetUp]
    public async Task StartRedisAsync()
    {
        RedisServer = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, RedisSettings);
        connection = await TestRedis.ConnectAsync(RedisServer.Url);
    }

    [TearDown]
    public async Task StopEverythingAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            foreach (var worker in workers)
            {
                await TestContext.Out.WriteLineAsync($"A worker:{Environment.NewLine}{worker.Describe()}");
            }
        }

        foreach (var one in workers.Concat(others))
        {
            await one.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await RedisServer.DisposeAsync();
    }

    /// <summary>Starts a worker and waits until it serves its queues.</summary>
    protected async Task<WorkerProcess> StartWorkerAsync(WorkerSettings settings)
    {
        var worker = Launch(settings);
        await worker.WaitForReadyAsync();

        return worker;
    }

    /// <summary>Starts a worker.</summary>
    protected WorkerProcess Launch(WorkerSettings settings)
    {
        var worker = WorkerProcess.Start(settings);
        workers.Add(worker);

        return worker;
    }

    /// <summary>A proxy before the Redis of the test.</summary>
    protected FaultProxy StartProxy() => Own(FaultProxy.To(RedisServer));

    /// <summary>Disposes something at the end of the test.</summary>
    protected T Own<T>(T thing)
        where T : IAsyncDisposable
    {
        others.Add(thing);
        return thing;
    }

    /// <summary>Settings of a worker beside Redis, with short times.</summary>
    protected WorkerSettings Settings(params string[] queues) => new(RedisServer.Url)
    {
        Queues = queues is [] ? ["default"] : queues, Times = WorkerTimes.Short,
    };

    /// <summary>Enqueues tasks as any client of Asynq does, all at the same time. Completed tasks are kept for an
    /// hour.</summary>
    protected async Task AddAsync(string queue, string type, string payload, params IEnumerable<string> ids)
    {
        await Task.WhenAll(ids.Select(id => QueueKeyspace.AddAsync(
            Redis, QueueKeyspace.NewMessage(queue, type, payload, id))));
    }

    /// <summary>Waits for what Redis holds; Redis sends no signal.</summary>
    protected static Task WaitUntilAsync(Func<Task<bool>> condition, string what) =>
        RedisWait.UntilAsync(condition, Patience, what);

    protected Task WaitForCompletedAsync(string queue, int count) => WaitUntilAsync(
        async () => await Redis.SortedSetLengthAsync($"asynq:{{{queue}}}:completed") == count,
        $"{count} tasks of {queue} are completed");

    /// <summary>Waits until the heartbeats of a worker have moved the end of its server record by so many
    /// seconds.</summary>
    protected async Task WaitForHeartbeatsAsync(WorkerProcess worker, int seconds)
    {
        double? first = null;
        await WaitUntilAsync(
            async () =>
            {
                var expiry = await FindServerExpiryAsync(worker);
                first ??= expiry;
                return expiry >= first + seconds;
            },
            $"heartbeats for {seconds} s");
    }

    private async Task<double?> FindServerExpiryAsync(WorkerProcess worker)
    {
        var servers = await Redis.SortedSetRangeByRankWithScoresAsync("asynq:servers");
        var mine = servers.Where(server => server.Element.ToString().Contains(
            string.Create(CultureInfo.InvariantCulture, $":{worker.Id}:"), StringComparison.Ordinal)).ToList();

        return mine is [var found] ? found.Score : null;
    }

    /// <summary>State, charged attempts and last error of a task.</summary>
    protected async Task<string> ChargeAsync(string queue, string id)
    {
        var key = $"asynq:{{{queue}}}:t:{id}";
        var message = TaskMessage.Parser.ParseFrom((byte[])(await Redis.HashGetAsync(key, "msg"))!);

        var state = await Redis.HashGetAsync(key, "state");

        return string.Create(
            CultureInfo.InvariantCulture, $"{state}, {message.Retried} retried, '{message.ErrorMsg}'");
    }

    /// <summary>The counters of a queue over all time.</summary>
    protected async Task<string> CountersAsync(string queue)
    {
        var processed = (int)await Redis.StringGetAsync($"asynq:{{{queue}}}:processed");
        var failed = (int)await Redis.StringGetAsync($"asynq:{{{queue}}}:failed");

        return string.Create(CultureInfo.InvariantCulture, $"{processed} processed, {failed} failed");
    }

    /// <summary>No task of a queue runs, waits, or is between two states.</summary>
    protected async Task AssertNothingIsLeftAsync(string queue)
    {
        foreach (var part in (string[])["pending", "active", "lease", "retry", "scheduled"])
        {
            Assert.That(await Redis.KeyExistsAsync($"asynq:{{{queue}}}:{part}"), Is.False, part);
        }
    }
}
