using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

/// <summary>A whole application with <c>QUEUE_LAYOUT=legacy</c>, on real time.</summary>
internal sealed class LegacySystemTests : RedisTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> handled = new();

    private static string Settings => $"REDIS_URL={RedisUrl} QUEUE_LAYOUT=legacy";

    private static string Today =>
        TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [SetUp]
    public void SkipOnCluster()
    {
        LegacyTest.SkipOnCluster();
        handled.Clear();
    }

    [Test]
    public async Task Worker_RunsTasksOfAllQueues_AndCountsThem()
    {
        await using var host = await StartAsync();
        foreach (var queue in new[] { "low", "default", "critical" })
        {
            await EnqueueAsync(host, new EnqueueOptions { Queue = queue }, $"{{\"q\":\"{queue}\"}}");
        }

        await UntilAsync(async () => await Redis.StringGetAsync($"asynq:processed:{Today}") == 3, "all are counted");

        Assert.That(
            handled, Is.EquivalentTo(new[] { "{\"q\":\"low\"}", "{\"q\":\"default\"}", "{\"q\":\"critical\"}" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:in_progress"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:deadlines"), Is.False);
        Assert.That(
            (await Redis.SetMembersAsync("asynq:queues")).Select(key => key.ToString()),
            Is.EquivalentTo(new[] { "asynq:queues:low", "asynq:queues:default", "asynq:queues:critical" }));
        Assert.That(
            (await RedisDump.KeysAsync(Redis))
                .Where(key => key.StartsWith("asynq:{", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Worker_RunsTasksThatGoEnqueued_AndRetriesWhatFails()
    {
        await using var host = await StartAsync((_, _) => throw new InvalidOperationException("no <luck>"));
        await Redis.ListLeftPushAsync(
            "asynq:queues:default",
            """{"Type":"t","Payload":{"b":"\u003c"},"ID":"11111111-0000-4000-8000-000000000001","Queue":"default","Retry":3,"Retried":0,"ErrorMsg":"","Timeout":1800,"Deadline":0,"UniqueKey":""}""");

        await UntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:retry") == 1, "it waits for its retry");

        var stored = (await Redis.SortedSetRangeByRankAsync("asynq:retry")).Single().ToString();
        Assert.That(stored, Is.EqualTo(
            """{"Type":"t","Payload":{"b":"\u003c"},"ID":"11111111-0000-4000-8000-000000000001","Queue":"default","Retry":3,"Retried":1,"ErrorMsg":"no \u003cluck\u003e","Timeout":1800,"Deadline":0,"UniqueKey":""}"""));
        Assert.That((int)await Redis.StringGetAsync($"asynq:failure:{Today}"), Is.EqualTo(1));
    }

    [Test]
    public async Task Scheduler_EnqueuesPeriodicTasks_AndTheInspectorShowsThem()
    {
        var periodic = new PeriodicTask("@every 1s", new QueueTask("t", "{\"tick\":1}"u8.ToArray()))
        {
            Options = new EnqueueOptions { Queue = "low" },
        };
        await using var host = await LegacyHost.StartAsync(
            Settings, HandleAsync, builder => builder.AddPeriodicTask(periodic));

        await UntilAsync(() => Task.FromResult(handled.Count >= 3), "three ticks ran");
        await UntilAsync(
            async () => (await host.Inspector.ListSchedulerEntriesAsync())
                .Count == 1, "the scheduler shows its entry");

        Assert.That((await host.Inspector.ListSchedulerEntriesAsync()).Single().Spec, Is.EqualTo("@every 1s"));
        Assert.That(handled, Is.All.EqualTo("{\"tick\":1}"));
    }

    [Test]
    public async Task Cancel_EndsTheAttempt_AndTheTaskIsRetried()
    {
        await using var host = await StartAsync(
            (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        var task = await EnqueueAsync(host, new EnqueueOptions());
        await UntilAsync(() => Task.FromResult(!handled.IsEmpty), "it runs");

        await host.Inspector.CancelTasksAsync(TaskSelection.One("default", task.Id));
        await UntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:retry") == 1, "it waits for its retry");

        Assert.That((await host.Inspector.FindTaskAsync("default", task.Id))!.State, Is.EqualTo(TaskState.Retry));
    }

    [Test]
    public async Task Pause_KeepsTheBacklog_UntilTheQueueIsResumed()
    {
        await using var host = await StartAsync();
        await host.Inspector.PauseQueueAsync("critical");
        await EnqueueAsync(host, new EnqueueOptions { Queue = "critical" }, "{\"n\":1}");
        await EnqueueAsync(host, new EnqueueOptions { Queue = "default" }, "{\"n\":2}");
        await UntilAsync(() => Task.FromResult(handled.Contains("{\"n\":2}")), "the other queue is served");
        Assert.That(await Redis.ListLengthAsync("asynq:queues:critical"), Is.EqualTo(1));

        await host.Inspector.ResumeQueueAsync("critical");
        await UntilAsync(() => Task.FromResult(handled.Contains("{\"n\":1}")), "it is served again");
    }

    [Test]
    public async Task Unique_RefusesAnEqualTask_UntilTheFirstIsDone()
    {
        await using var host = await StartAsync();
        await host.Inspector.PauseQueueAsync("default");
        var options = new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) };
        await EnqueueAsync(host, options);

        await Assert.ThrowsAsync<DuplicateTaskException>(() => EnqueueAsync(host, options));
        await host.Inspector.ResumeQueueAsync("default");
        await UntilAsync(async () => !await Redis.KeyExistsAsync("t:n=1:default"), "the lock is given back");

        Assert.That(await EnqueueAsync(host, options), Is.Not.Null);
    }

    [Test]
    public async Task Recoverer_TakesTasksOfDeadWorkersBack_AgainAndAgain()
    {
        await using var host = await StartAsync();
        for (var i = 1; i <= 2; i++)
        {
            var message = $$"""{"Type":"t","Payload":null,"ID":"11111111-0000-4000-8000-00000000000{{i}}","Queue":"low","Retry":3,"Retried":0,"ErrorMsg":"","Timeout":60,"Deadline":0,"UniqueKey":""}""";
            await Redis.SortedSetAddAsync("asynq:deadlines", message, 1_000);
            await Redis.ListLeftPushAsync("asynq:in_progress", message);
            await UntilAsync(
                async () => await Redis.SortedSetLengthAsync("asynq:retry") == i, $"task {i} is taken back");
        }

        Assert.That(await Redis.KeyExistsAsync("asynq:in_progress"), Is.False);
        var stored = (await Redis.SortedSetRangeByRankAsync("asynq:retry")).Select(task => task.ToString());
        Assert.That(stored, Is.All.Contain("\"Retried\":1,\"ErrorMsg\":\"deadline exceeded\""));
    }

    [Test]
    public async Task Server_ShowsItself_AsOldInspectorsReadIt()
    {
        await using var host = await StartAsync(
            (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        var task = await EnqueueAsync(host, new EnqueueOptions { Timeout = TimeSpan.FromSeconds(60) }, "{\"a\":1}");
        await UntilAsync(
            async () => (await host.Inspector.ListServersAsync())
                .SingleOrDefault()?.ActiveTasks.Count == 1, "it tells its task");

        var key = (await Redis.SortedSetRangeByRankAsync("asynq:servers")).Single().ToString();
        Assert.That(key, Does.Match($"^asynq:servers:[^:{{]+:{Environment.ProcessId}:[0-9a-f-]{{36}}$"));
        var server = JsonDocument.Parse((await Redis.StringGetAsync(key)).ToString()).RootElement;
        Assert.That(server.GetProperty("Queues").GetRawText(), Is.EqualTo("{\"critical\":6,\"default\":3,\"low\":1}"));
        Assert.That(server.GetProperty("Status").GetString(), Is.EqualTo("running"));
        var worker = JsonDocument.Parse((await Redis.HashGetAsync(
            key.Replace("asynq:servers:", "asynq:workers:", StringComparison.Ordinal),
            task.Id)).ToString()).RootElement;
        Assert.That(worker.GetProperty("Payload").GetRawText(), Is.EqualTo("{\"a\":1}"));
    }

    [TestCase("QUEUE_LAYOUT=newest", "QUEUE_LAYOUT")]
    [TestCase("QUEUE_LAYOUT=legacy Queue:DrainLegacy=true", "DrainLegacy")]
    public async Task Start_Refuses_WhatCannotBeMeant(string settings, string named)
    {
        var thrown = await Assert.CatchAsync(
            () => LegacyHost.StartAsync($"REDIS_URL={RedisUrl} {settings}", HandleAsync));

        Assert.That(thrown.Message, Does.Contain(named));
    }

    private Task<LegacyHost> StartAsync(Func<TaskContext, CancellationToken, Task>? handler = null) =>
        LegacyHost.StartAsync(
        Settings,
        async (context, cancellationToken) =>
        {
            await HandleAsync(context, cancellationToken);
            await (handler?.Invoke(context, cancellationToken) ?? Task.CompletedTask);
        });

    private Task HandleAsync(TaskContext context, CancellationToken cancellationToken)
    {
        handled.Enqueue(Encoding.UTF8.GetString(context.Payload.Span));
        return Task.CompletedTask;
    }

    private static Task<TaskInfo> EnqueueAsync(
        LegacyHost host, EnqueueOptions options, string payload = "{\"n\":1}") =>
        host.Client.EnqueueAsync(new QueueTask("t", Encoding.UTF8.GetBytes(payload)), options);

    private static Task UntilAsync(Func<Task<bool>> condition, string what) =>
        RedisWait.UntilAsync(condition, Patience, what);
}
