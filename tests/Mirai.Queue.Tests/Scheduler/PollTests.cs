using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mirai.Queue.Looping;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Server;

namespace Mirai.Queue.Tests.Scheduler;

/// <summary>Polls every few seconds: a slow one keeps others away, a failed one is counted and forgotten.</summary>
internal sealed class PollTests : ServerTest
{
    private static readonly PeriodicTask Poll = new("@every 5s", new QueueTask("mail:poll"))
    {
        Options = new EnqueueOptions { Queue = "mail" },
        Overlap = OverlapPolicy.Skip,
    };

    [Test]
    public async Task Polls_DoNotPileUp_BehindASlowOne()
    {
        var done = new TaskCompletionSource();
        var parts = Parts(_ => done.Task);
        var runner = Runner();

        await PassTicksAsync(runner, 1);
        await parts.Processor.FillAsync();
        await PassTicksAsync(runner, 10);
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.Zero, "ten more were due while one ran");

        done.SetResult();
        await parts.Running.WhenEmpty();
        await WriteBackAsync(parts);
        await PassTicksAsync(runner, 1);
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(1));
    }

    [Test]
    public async Task FailedPoll_IsCountedAndGone_NeitherRetriedNorArchived()
    {
        var parts = Parts(Fail, options => options.DropFailed.Add("mail:poll"));
        var runner = Runner();

        await PassTicksAsync(runner, 1);
        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That((string?)await Redis.StringGetAsync("asynq:{mail}:failed"), Is.EqualTo("1"));
        Assert.That((string?)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo("1"));
        Assert.That((await KeysAsync()).Where(key => !key.Contains(":processed", StringComparison.Ordinal)
            && !key.Contains(":failed", StringComparison.Ordinal)), Is.EquivalentTo(new[]
            {
                "asynq:queues",
                $"asynq:{{mail}}:periodic:{runner.Entry.Key.Name}",
                $"asynq:scheduler_history:{runner.Entry.Id}",
            }));
    }

    [Test]
    public async Task FailedPoll_MakesRoomForTheNext()
    {
        var parts = Parts(Fail, options => options.DropFailed.Add("mail:poll"));
        var runner = Runner();

        await PassTicksAsync(runner, 1);
        await RunTakenAsync(parts);
        await WriteBackAsync(parts);
        await PassTicksAsync(runner, 1);

        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(1));
    }

    private static Task Fail(TaskContext context) => throw new InvalidOperationException("the provider is away");

    private EntryRunner Runner()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

        return new EntryRunner(
            PeriodicEntry.Create(Poll, TimeZoneInfo.Utc, Store, Time.GetUtcNow()), Store,
            new QueueSchedulerOptions(), new QueueMetrics(meters),
            new RedisHealth(Time, NullLogger<RedisHealth>.Instance), Time, NullLogger<EntryRunner>.Instance);
    }

    private async Task PassTicksAsync(EntryRunner runner, int ticks)
    {
        await runner.RunOnceAsync(CancellationToken.None);
        for (var tick = 0; tick < ticks; tick++)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            await runner.RunOnceAsync(CancellationToken.None);
        }
    }
}
