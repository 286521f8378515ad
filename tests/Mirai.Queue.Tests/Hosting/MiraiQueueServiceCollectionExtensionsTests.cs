using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mirai.Queue.Tests.Hosting;

internal sealed class MiraiQueueServiceCollectionExtensionsTests
{
    [Test]
    public void AddMiraiQueue_RegistersClientAndInspector_WithoutConnecting()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(options => options.RedisUrl = "nowhere.invalid:1");
        using var provider = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.That(provider.GetService<IQueueClient>(), Is.Not.Null);
        Assert.That(provider.GetService<IQueueInspector>(), Is.Not.Null);
    }

    [Test]
    public void AddMiraiQueue_ReadsConfiguration_AndRedisUrlFirst()
    {
        var configuration = Configuration(
            ("Queue:RedisUrl", "section:1"), ("Queue:EnqueueTimeout", "00:00:02"),
            ("REDIS_URL", "redis://variable:2"));
        var services = new ServiceCollection();
        services.AddMiraiQueue(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<QueueOptions>>().Value;

        Assert.That(
            (options.RedisUrl, options.EnqueueTimeout), Is.EqualTo(("redis://variable:2", TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void AddServer_ReadsQueuesAndConcurrency_FromConfiguration()
    {
        var configuration = Configuration(
            ("Concurrency", "7"), ("StrictPriority", "true"), ("Queues:critical", "6"), ("Queues:low", "1"),
            ("ShutdownTimeout", "00:00:03"));
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<QueueServerOptions>>().Value;

        Assert.That(
            (options.Concurrency, options.StrictPriority, options.ShutdownTimeout),
            Is.EqualTo((7, true, TimeSpan.FromSeconds(3))));
        Assert.That(options.Queues, Is.EquivalentTo(new Dictionary<string, int> { ["critical"] = 6, ["low"] = 1 }));
    }

    [Test]
    public void AddServer_ReadsNamesWithColons_FromConfiguration()
    {
        const string Json = """
            {
              "Queues": { "tenant:*": 2, "tenant:vip:7": 5, "tenant": 1 },
              "QueueLimits": { "tenant:*": 3 },
              "TypeLimits": { "ai:generate": 4, "ai:": 8 },
              "UnknownTypes": "Fail",
              "UnknownTypeMaxDelay": "00:01:00"
            }
            """;
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json))).Build();
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer(configuration).AddHandler("ai:", (_, _) => Task.CompletedTask);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<QueueServerOptions>>().Value;

        Assert.That(options.Queues, Is.EquivalentTo(
            new Dictionary<string, int> { ["tenant:*"] = 2, ["tenant:vip:7"] = 5, ["tenant"] = 1 }));
        Assert.That(options.QueueLimits, Is.EquivalentTo(new Dictionary<string, int> { ["tenant:*"] = 3 }));
        Assert.That(
            options.TypeLimits, Is.EquivalentTo(new Dictionary<string, int> { ["ai:generate"] = 4, ["ai:"] = 8 }));
        Assert.That(
            (options.UnknownTypes, options.UnknownTypeMaxDelay),
            Is.EqualTo((UnknownTypeAction.Fail, TimeSpan.FromMinutes(1))));
    }

    private static IEnumerable<TestCaseData> InvalidLimits()
    {
        yield return new TestCaseData("Queues:ten*ant", "1", "Queues: 'ten*ant' has a star that is not at its end.");
        yield return new TestCaseData(
            "Queues:tenant:**", "1", "Queues: 'tenant:**' has a star that is not at its end.");
        yield return new TestCaseData("Queues:}x", "1", "Queues: '}x' begins with '}'");
        yield return new TestCaseData("Queues:}*", "1", "Queues: '}*' begins with '}'");
        yield return new TestCaseData("Queues:a\nb", "1", "has a control character");
        yield return new TestCaseData("Queues:tenant:*", "one", "Queue:Server:Queues:tenant:*");
        yield return new TestCaseData("QueueLimits:mail", "0", "QueueLimits: the limit of 'mail' must be 1 or more.");
        yield return new TestCaseData("QueueLimits:sms", "1", "QueueLimits: 'sms' is not among Queues.");
        yield return new TestCaseData("QueueLimits:tenant:*", "1", "QueueLimits: 'tenant:*' is not among Queues.");
        yield return new TestCaseData("QueueLimits:m*l", "1", "QueueLimits: 'm*l' has a star that is not at its end.");
        yield return new TestCaseData("QueueLimits:}x", "1", "QueueLimits: '}x' begins with '}'");
        yield return new TestCaseData(
            "TypeLimits:mail:send", "0", "TypeLimits: the limit of 'mail:send' must be 1 or more.");
        yield return new TestCaseData("TypeLimits:sms", "1", "TypeLimits: no handler runs tasks of type 'sms'.");
        yield return new TestCaseData("TypeLimits:mail:*", "1", "TypeLimits: 'mail:*' must not end in a star");
        yield return new TestCaseData("DropFailed:0", " ", "DropFailed: ' ' must be a task type");
        yield return new TestCaseData("DropFailed:0", "mail:*", "DropFailed: 'mail:*' must be a task type");
        yield return new TestCaseData(
            "TypeLimits: ", "1", "TypeLimits: a task type must contain more than white space.");
        yield return new TestCaseData("UnknownTypes", "7", "UnknownTypes");
        yield return new TestCaseData("UnknownTypeMaxDelay", "00:00:01", "UnknownTypeMaxDelay");
    }

    [TestCaseSource(nameof(InvalidLimits))]
    public async Task Host_DoesNotStart_AndNamesTheSetting_WhenALimitCannotBeMeant(
        string key, string value, string text)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [KeyValuePair.Create("Queue:Server:Queues:mail", (string?)"1"), KeyValuePair.Create($"Queue:Server:{key}", (string?)value)]);
        builder.Services.AddMiraiQueue(builder.Configuration)
            .AddServer(builder.Configuration.GetSection("Queue:Server"))
            .AddHandler("mail:", (_, _) => Task.CompletedTask);
        using var host = builder.Build();

        await Assert.ThatAsync(() => host.StartAsync(), Throws.InstanceOf<Exception>().With.Message.Contains(text));
    }

    [TestCase("tenant:7")]
    [TestCase("tenant:*")]
    [TestCase("tenant:vip:*")]
    [TestCase("*")]
    public void QueueLimits_MayNameWhatAPatternOfTheQueuesStandsFor(string queue)
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { })
            .AddServer(options => (options.Queues["tenant:*"], options.QueueLimits[queue]) = (1, 1));
        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IOptions<QueueServerOptions>>().Value, Throws.Nothing);
    }

    [Test]
    public void QueueLimits_MayNameTheDefaultQueue_WhenNoOtherIsServed()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddServer(options => options.QueueLimits["default"] = 1);
        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IOptions<QueueServerOptions>>().Value, Throws.Nothing);
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
        builder.Services.AddMiraiQueue(builder.Configuration)
            .AddServer(builder.Configuration.GetSection("Queue:Server"));
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

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private sealed class UnregisteredHandler : ITaskHandler<Client.Unregistered>
    {
        public Task HandleAsync(
            Client.Unregistered payload, TaskContext context, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
