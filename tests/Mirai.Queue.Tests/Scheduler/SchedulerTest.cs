using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mirai.Queue.Looping;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Store;

namespace Mirai.Queue.Tests.Scheduler;

/// <summary>Schedulers on the test's Redis and clock. Nothing runs by itself unless a test starts it.</summary>
internal abstract class SchedulerTest : StoreTest
{
    /// <summary>Faults to be injected between schedulers and Redis.</summary>
    protected FaultySchedulerStore Faults { get; private set; } = null!;

    /// <summary>What the hook after an enqueue was told.</summary>
    protected List<(DateTimeOffset Tick, TaskInfo? Task, Exception? Error)> After { get; } = [];

    [SetUp]
    public void CreateFaults()
    {
        Faults = new FaultySchedulerStore(Store);
        After.Clear();
    }

    /// <summary>A periodic task of queue "mail".</summary>
    protected static PeriodicTask Periodic(string spec, string type = "mail:digest", string? payload = "{}") =>
        new(spec, new QueueTask(type, payload is null ? null : new(Encoding.UTF8.GetBytes(payload))))
        {
            Options = new EnqueueOptions { Queue = "mail" },
        };

    /// <summary>The runner of one periodic task, in a scheduler of its own.</summary>
    protected EntryRunner Runner(
        PeriodicTask task, Action<QueueSchedulerOptions>? configure = null, ILogger<EntryRunner>? log = null) => new(
        PeriodicEntry.Create(task, TimeZoneInfo.Utc, Store, Time.GetUtcNow()), Faults, Options(configure),
        Metrics(), new RedisHealth(Time, NullLogger<RedisHealth>.Instance), Time,
        log ?? NullLogger<EntryRunner>.Instance);

    /// <summary>A whole scheduler, not started.</summary>
    protected QueueScheduler Scheduler(
        IEnumerable<IPeriodicTaskProvider> providers, Action<QueueSchedulerOptions>? configure = null,
        ISchedulerStore? store = null)
    {
        var options = Options(configure);
        var sources = new PeriodicTaskSources(
            providers, Store, options, Time, NullLogger<PeriodicTaskSources>.Instance);

        return new QueueScheduler(sources, store ?? Faults, options, Metrics(), Time, NullLoggerFactory.Instance);
    }

    private QueueSchedulerOptions Options(Action<QueueSchedulerOptions>? configure)
    {
        var options = new QueueSchedulerOptions
        {
            AfterEnqueue = (tick, task, error) =>
            {
                lock (After)
                {
                    After.Add((tick.DueAt, task, error));
                }

                return Task.CompletedTask;
            },
        };
        configure?.Invoke(options);

        return options;
    }

    private static QueueMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    /// <summary>What the hook was told so far, while schedulers run.</summary>
    protected List<(DateTimeOffset Tick, TaskInfo? Task, Exception? Error)> Told()
    {
        lock (After)
        {
            return [.. After];
        }
    }

    /// <summary>Seconds since the test's first moment at which ticks came true.</summary>
    protected IEnumerable<double> EnqueuedTicks() =>
        Told().Where(call => call.Task is not null).Select(call => call.Tick.ToUnixTimeSeconds() - (double)Now);

    /// <summary>How many tasks wait in queue "mail".</summary>
    protected static Task<long> PendingAsync() => Redis.ListLengthAsync("asynq:{mail}:pending");

    /// <summary>Takes and finishes everything that waits, as a worker does.</summary>
    protected async Task WorkAsync()
    {
        var taken = await Store.TakeAsync("mail", 1000, Seconds() + 30, withPendingSince: false);
        if (taken.Tasks.Count > 0)
        {
            await Store.FinishAsync("mail", [.. taken.Tasks.Select(task => new FinishedTask(
                new TaskLease("mail", task.Id, Seconds() + 30), TaskOutcome.Done))]);
        }
    }

    protected long Seconds() => Time.GetUtcNow().ToUnixTimeSeconds();

    protected void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));
}
