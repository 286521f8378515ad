using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Looping;
using Mirai.Queue.Tests.Store;

namespace Mirai.Queue.Tests.Server;

/// <summary>The parts of a server on the test's Redis. Nothing runs by itself: a test runs one pass of what it is
/// about.</summary>
internal abstract class ServerTest : StoreTest
{
    /// <summary>Faults to be injected between the server and Redis.</summary>
    protected FaultyStore Faults { get; private set; } = null!;

    /// <summary>What the parts log.</summary>
    protected LogList<QueueServer> Log { get; private set; } = null!;

    /// <summary>What handlers saw, in order.</summary>
    protected ConcurrentQueue<TaskContext> Handled { get; } = new();

    /// <summary>Services of handlers.</summary>
    protected ServiceCollection HandlerServices { get; private set; } = null!;

    [SetUp]
    public void CreateFaults()
    {
        HandlerServices = [];
        Faults = new FaultyStore(Store);
        Log = new LogList<QueueServer>();
        Handled.Clear();
    }

    /// <summary>The parts of a server that is not started.</summary>
    protected QueueServerParts Parts(
        Func<TaskContext, Task>? handler = null, Action<QueueServerOptions>? configure = null) =>
        Server(handler, configure).Parts;

    /// <summary>A whole server, not started.</summary>
    protected QueueServer Server(
        Func<TaskContext, Task>? handler = null, Action<QueueServerOptions>? configure = null)
    {
        var options = new QueueServerOptions { Concurrency = 10, CancellationGrace = TimeSpan.FromSeconds(1) };
        options.Queues["mail"] = 1;
        configure?.Invoke(options);

        return new QueueServer(
            Services(),
            new QueueServerSetup(
                options, Router(handler), new PatternMap<Func<RetryDelayArguments, TimeSpan>>([]), Aggregator: null));
    }

    /// <summary>Takes what waits, and returns when its handlers have ended.</summary>
    protected static async Task RunTakenAsync(QueueServerParts parts)
    {
        await parts.Processor.FillAsync();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Writes every outcome back.</summary>
    protected static async Task WriteBackAsync(QueueServerParts parts)
    {
        await parts.Syncer.WriteWaitingAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(parts.Syncer.Leases(), Is.Empty, "every outcome is written");
    }

    /// <summary>Moves the clock on in small steps until something is true. Between two steps there is a round trip to
    /// Redis: the loops get to run, and time does not run away from them.</summary>
    protected async Task PassTimeUntilAsync(Func<Task<bool>> condition)
    {
        for (var step = 0; !await condition(); step++)
        {
            Assert.That(step, Is.LessThan(100_000), "the condition never came true");
            Time.Advance(TimeSpan.FromMilliseconds(20));
            await Redis.PingAsync();
        }
    }

    private QueueServerServices Services() => new(
        Faults,
        Faults,
        HandlerServices.BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(),
        new QueueMetrics(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
        Time,
        new LogFactory(Log));

    private TaskRouter Router(Func<TaskContext, Task>? handler) => new(
        [
            KeyValuePair.Create<string, TaskPipeline>("mail:", context =>
            {
                Handled.Enqueue(context);
                return handler is null ? Task.CompletedTask : handler(context);
            }),
        ],
        []);

    private sealed class LogFactory(ILogger log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void AddProvider(ILoggerProvider provider)
        {
            // One list takes every line.
        }

        public void Dispose()
        {
            // The list belongs to the test.
        }
    }
}
