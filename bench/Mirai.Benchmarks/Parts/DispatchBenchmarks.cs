using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mirai.Benchmarks.Peer;
using Mirai.Queue;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;
using Mirai.Redis;

namespace Mirai.Benchmarks.Parts;

/// <summary>One attempt from the moment a task was taken to its outcome: slot, context, routing, handler, policy.
/// Without Redis and without the thread pool; nobody writes the outcomes back, so every iteration starts
/// anew.</summary>
[MemoryDiagnoser]
[InvocationCount(100_000)]
public class DispatchBenchmarks
{
    private QueueServerParts parts = null!;
    private TaskMessage message = null!;

    [IterationSetup]
    public void Create()
    {
        var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var scopes = provider.GetRequiredService<IServiceScopeFactory>();
        var metrics = new QueueMetrics(provider.GetRequiredService<IMeterFactory>());
        var store = new RedisStore(
            new RedisConnection(() => throw new NotSupportedException(), isOwned: false), TimeProvider.System);
        var options = new QueueServerOptions { Concurrency = 100 };
        var router = new TaskRouter([KeyValuePair.Create<string, TaskPipeline>("noop", _ => Task.CompletedTask)], []);
        var delays = new PatternMap<Func<RetryDelayArguments, TimeSpan>>([]);
        parts = new QueueServerParts(
            new QueueServerServices(store, store, scopes, metrics, TimeProvider.System, NullLoggerFactory.Instance),
            new QueueServerSetup(options, router, delays, Aggregator: null));
        message = TaskMessageConverter.ToMessage(new QueueTask("noop", Payloads.Create(200)), new EnqueueOptions());
    }

    [Benchmark]
    public Task RunNoOpTask()
    {
        var attempt = new Attempt(parts.Runner, "default", message, 1_800_000_030, DateTimeOffset.UnixEpoch);
        parts.Running.Add(attempt);

        return parts.Runner.RunAsync(attempt);
    }
}
