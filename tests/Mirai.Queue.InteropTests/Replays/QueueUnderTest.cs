using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Mirai.Queue as an application registers it, with a clock that the test sets.</summary>
internal sealed class QueueUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public QueueUnderTest(IDatabase redis, DateTimeOffset now, ITaskAggregator? aggregator = null)
    {
        Time = new FakeTimeProvider(now);
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddMiraiQueue(_ => { }).UseConnection(_ => Task.FromResult(redis.Multiplexer)).AddServer();
        if (aggregator is not null)
        {
            collection.AddSingleton(aggregator);
        }

        services = collection.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; }

    public IQueueStore Store => services.GetRequiredService<IQueueStore>();

    public ISchedulerStore SchedulerBroker => services.GetRequiredService<ISchedulerStore>();

    public IQueueClient Client => services.GetRequiredService<IQueueClient>();

    public IQueueInspector Inspector => services.GetRequiredService<IQueueInspector>();

    /// <summary>Starts a server, which does nothing by itself.</summary>
    /// <param name="handler">Runs tasks of every type; <see langword="null"/> for a server without handlers.</param>
    /// <param name="configure">Settings of the server.</param>
    public ManualWorker StartWorker(TaskPipeline? handler, Action<QueueServerOptions>? configure = null)
    {
        // The recorder's servers retry after an hour, and fail what nobody handles. A recoverer of Go does not wait for
        // the heartbeats of others, of which there are none.
        var options = new QueueServerOptions
        {
            RetryDelay = _ => TimeSpan.FromHours(1), UnknownTypes = UnknownTypeAction.Fail,
            HeartbeatInterval = TimeSpan.Zero,
        };
        configure?.Invoke(options);

        // Middleware that does not go on stands in for a handler of every type.
        Func<TaskPipeline, TaskPipeline>[] middleware = handler is null ? [] : [_ => handler];
        var setup = new QueueServerSetup(
            options, new TaskRouter([], middleware), new PatternMap<Func<RetryDelayArguments, TimeSpan>>([]),
            services.GetService<ITaskAggregator>() is null ? null : scope => scope.GetRequiredService<ITaskAggregator>());

        return new ManualWorker(new QueueServer(services.GetRequiredService<QueueServerServices>(), setup));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
