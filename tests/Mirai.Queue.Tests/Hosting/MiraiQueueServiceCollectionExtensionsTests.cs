using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Inspector;
using Mirai.Queue.Server;

namespace Mirai.Queue.Tests.Hosting;

internal sealed class MiraiQueueServiceCollectionExtensionsTests
{
    [Test]
    public void AddMiraiQueue_RegistersClientAndInspector_WithoutConnecting()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(options => options.RedisUrl = "nowhere.invalid:1");
        using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.That(provider.GetService<IQueueClient>(), Is.Not.Null);
        Assert.That(provider.GetService<IQueueInspector>(), Is.Not.Null);
    }

    [Test]
    public void AddMiraiQueue_ReadsConfiguration_AndRedisUrlFirst()
    {
        var configuration = Configuration(
            ("Queue:RedisUrl", "section:1"), ("Queue:EnqueueTimeout", "00:00:02"), ("REDIS_URL", "redis://variable:2"));
        var services = new ServiceCollection();
        services.AddMiraiQueue(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<QueueOptions>>().Value;

        Assert.That((options.RedisUrl, options.EnqueueTimeout), Is.EqualTo(("redis://variable:2", TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void AddServer_ReadsQueuesAndConcurrency_FromConfiguration()
    {
        var configuration = Configuration(
            ("Concurrency", "7"), ("StrictPriority", "true"), ("Queues:critical", "6"), ("Queues:low", "1"), ("ShutdownTimeout", "00:00:03"));
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<QueueServerOptions>>().Value;

        Assert.That((options.Concurrency, options.StrictPriority, options.ShutdownTimeout), Is.EqualTo((7, true, TimeSpan.FromSeconds(3))));
        Assert.That(options.Queues, Is.EquivalentTo(new Dictionary<string, int> { ["critical"] = 6, ["low"] = 1 }));
    }

    private static IEnumerable<TestCaseData> InvalidSettings()
    {
        yield return new TestCaseData("Queue:RedisUrl", "redis://h:1/x").Returns("RedisUrl");
        yield return new TestCaseData("Queue:EnqueueTimeout", "00:00:00").Returns("EnqueueTimeout");
        yield return new TestCaseData("Queue:Server:Concurrency", "0").Returns("Concurrency");
        yield return new TestCaseData("Queue:Server:ForwardInterval", "00:00:00.01").Returns("ForwardInterval");
        yield return new TestCaseData("Queue:Server:JanitorBatchSize", "1001").Returns("JanitorBatchSize");
    }

    [TestCaseSource(nameof(InvalidSettings))]
    public async Task<string> Host_DoesNotStart_AndNamesTheSetting_WhenItIsNotValid(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]);
        builder.Services.AddMiraiQueue(builder.Configuration).AddServer(builder.Configuration.GetSection("Queue:Server"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        return new[] { "RedisUrl", "EnqueueTimeout", "Concurrency", "ForwardInterval", "JanitorBatchSize" }
            .Single(name => error!.Message.Contains(name, StringComparison.Ordinal));
    }

    [Test]
    public void AddHandler_StopsTheProgramAtStart_WhenNoJsonContextKnowsThePayload()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer().AddHandler<Client.Unregistered, UnregisteredHandler>();
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetServices<IHostedService>().ToList(),
            Throws.InvalidOperationException.With.Message.Contains("AddJsonContext"));
    }

    [Test]
    public void AddHandler_StopsTheProgramAtStart_WhenTwoHandlersHaveOnePattern()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer()
            .AddHandler("mail:", (_, _) => Task.CompletedTask)
            .AddHandler("mail:", (_, _) => Task.CompletedTask);
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetServices<IHostedService>().ToList(),
            Throws.InvalidOperationException.With.Message.Contains("mail:"));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private sealed class UnregisteredHandler : ITaskHandler<Client.Unregistered>
    {
        public Task HandleAsync(Client.Unregistered payload, TaskContext context, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
