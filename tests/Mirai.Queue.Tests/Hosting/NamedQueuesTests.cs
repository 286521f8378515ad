using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Hosting;

/// <summary>Several queues in one process: each has its own settings, worker, handlers and scheduler.</summary>
internal sealed partial class NamedQueuesTests : RedisTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task AddMiraiQueue_RunsEachTaskWithTheHandlerOfItsQueue_WhenTwoQueuesShareAProcess()
    {
        var log = new HandlerLog();
        using var host = Build(log);
        await host.StartAsync();

        await host.Services.GetRequiredService<IQueueClient>().EnqueueAsync(new Order(1));
        await host.Services.GetRequiredKeyedService<IQueueClient>("orders")
            .EnqueueAsync(new Order(2), new EnqueueOptions { Queue = "orders" });
        var runs = await log.TwoRuns.WaitAsync(Patience);
        await host.StopAsync();

        Assert.That(runs, Is.EquivalentTo(new[] { "default 1", "orders 2" }));
    }

    [Test]
    public async Task AddMiraiQueue_RunsMiddlewareOfItsOwnQueueOnly()
    {
        var seen = new List<string>();
        var log = new HandlerLog();
        using var host = Build(log, orders => orders.UseMiddleware((context, next) =>
        {
            lock (seen)
            {
                seen.Add(context.Queue);
            }

            return next(context);
        }));
        await host.StartAsync();

        await host.Services.GetRequiredService<IQueueClient>().EnqueueAsync(new Order(1));
        await host.Services.GetRequiredKeyedService<IQueueClient>("orders")
            .EnqueueAsync(new Order(2), new EnqueueOptions { Queue = "orders" });
        await log.TwoRuns.WaitAsync(Patience);
        await host.StopAsync();

        Assert.That(seen, Is.EqualTo(new[] { "orders" }));
    }

    [Test]
    public async Task AddPeriodicTask_EnqueuesThroughItsOwnQueue()
    {
        var log = new HandlerLog();
        using var host = Build(log, orders => orders.AddPeriodicTask(new PeriodicTask(
            "@every 1s", new QueueTask("tick", "{}"u8.ToArray(), new EnqueueOptions { Queue = "orders" }))));
        await host.StartAsync();

        var entries = host.Services.GetRequiredKeyedService<IQueueScheduler>("orders");
        var none = host.Services.GetService<IQueueScheduler>();
        await host.StopAsync();

        Assert.That(entries, Is.Not.Null);
        Assert.That(none, Is.Null);
    }

    [Test]
    public void AddServer_StartsOneWorker_WhenItIsCalledTwice()
    {
        var services = new ServiceCollection();
        var queue = services.AddMiraiQueue("orders", _ => { });
        queue.AddServer().AddServer(options => options.Concurrency = 3);
        services.AddMiraiQueue(_ => { }).AddServer().AddServer();
        using var provider = services.BuildServiceProvider();

        Assert.That(
            provider.GetServices<IHostedService>().Select(service => service.GetType().Name),
            Is.EquivalentTo(new[]
            {
                "QueueServer", "ServerReload", "RegistrationCheck", "QueueServer", "ServerReload", "RegistrationCheck",
            }));
        Assert.That(
            provider.GetRequiredKeyedService<IQueueServer>("orders"),
            Is.Not.SameAs(provider.GetRequiredService<IQueueServer>()));
    }

    [Test]
    public void AddMiraiQueue_ReadsTheSettingsOfItsOwnSection()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("Orders:RedisUrl", (string?)"orders.invalid:1"),
            KeyValuePair.Create("REDIS_URL", (string?)"other.invalid:1"),
        ]).Build();
        var services = new ServiceCollection();
        services.AddMiraiQueue("orders", configuration.GetSection("Orders"));
        services.AddMiraiQueue(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<QueueOptions>>();

        Assert.That(options.Get("orders").RedisUrl, Is.EqualTo("orders.invalid:1"));
        Assert.That(options.CurrentValue.RedisUrl, Is.EqualTo("other.invalid:1"));
    }

    [Test]
    public void AddMiraiQueue_ConnectsToItsOwnAddress_WhenItsNameIsAnAddress()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue("localhost:1", options => options.RedisUrl = "localhost:1");
        services.AddMiraiQueue("localhost:2", options => options.RedisUrl = "localhost:1");
        using var provider = services.BuildServiceProvider();

        Assert.That(
            provider.GetRequiredKeyedService<RedisConnection>("localhost:1"),
            Is.Not.SameAs(provider.GetRequiredKeyedService<RedisConnection>("localhost:2")));
    }

    [Test]
    public void UseMiddleware_StopsTheProgramAtStart_WhenADependencyIsMissing()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue("orders", _ => { }).AddServer().UseMiddleware<NeedyMiddleware>();
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetServices<IHostedService>().ToList(),
            Throws.InvalidOperationException.With.Message.Contains(nameof(Uri)));
    }

    [TestCase("")]
    [TestCase(" ")]
    public void AddMiraiQueue_RefusesAnEmptyName(string name) => Assert.That(
        () => new ServiceCollection().AddMiraiQueue(name, _ => { }), Throws.ArgumentException);

    [Test]
    public async Task Host_DoesNotStart_AndNamesTheSetting_WhenASettingOfANamedQueueIsNotValid()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMiraiQueue("orders", options => options.RedisUrl = "redis://h:1/x");
        using var host = builder.Build();

        await Assert.ThatAsync(
            () => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("RedisUrl"));
    }

    private static IHost Build(HandlerLog log, Action<Mirai.Queue.Hosting.MiraiQueueBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(log);
        builder.Services.AddMiraiQueue(options => options.RedisUrl = RedisUrl)
            .AddJsonContext(OrdersJson.Default)
            .AddServer(options => options.Queues["default"] = 1)
            .AddHandler<Order, DefaultHandler>();
        var orders = builder.Services.AddMiraiQueue("orders", options => options.RedisUrl = RedisUrl)
            .AddServer(options => options.Queues["orders"] = 1)
            .AddHandler<Order, OrdersHandler>();
        configure?.Invoke(orders);

        return builder.Build();
    }

    [QueueTask("order")]
    internal sealed record Order(int Number);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrdersJson : JsonSerializerContext;

    /// <summary>What the handlers of both queues ran.</summary>
    internal sealed class HandlerLog
    {
        private readonly List<string> runs = [];
        private readonly TaskCompletionSource<string[]> two =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string[]> TwoRuns => two.Task;

        public Task Add(string run)
        {
            lock (runs)
            {
                runs.Add(run);
                if (runs.Count == 2)
                {
                    two.SetResult([.. runs]);
                }
            }

            return Task.CompletedTask;
        }
    }

    internal sealed class DefaultHandler(HandlerLog log) : ITaskHandler<Order>
    {
        public Task HandleAsync(Order payload, TaskContext context, CancellationToken cancellationToken) =>
            log.Add($"default {payload.Number}");
    }

    internal sealed class OrdersHandler(HandlerLog log) : ITaskHandler<Order>
    {
        public Task HandleAsync(Order payload, TaskContext context, CancellationToken cancellationToken) =>
            log.Add($"orders {payload.Number}");
    }

    internal sealed class NeedyMiddleware(Uri missing) : ITaskMiddleware
    {
        public Task InvokeAsync(TaskContext context, TaskPipeline next) =>
            missing.IsFile ? Task.CompletedTask : next(context);
    }
}
