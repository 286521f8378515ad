using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Testing;
using Mirai.Worker;

namespace Mirai.EndToEnd.Tests.Hosting;

/// <summary>Every hosted service of every project, also one that is added tomorrow, bears each order of starts and
/// stops that a host can bring about, whether Redis is there or away.</summary>
internal sealed class HostedServiceTests : RedisTest
{
    private const string NoRedis = "redis://127.0.0.1:1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> folders = [];

    [TearDown]
    public void DeleteFolders()
    {
        folders.ForEach(folder => Directory.Delete(folder, recursive: true));
        folders.Clear();
    }

    [TestCaseSource(nameof(Services))]
    public Task Service_StartsAndStops(Type type, bool isRedisThere) => CheckAsync(type, isRedisThere, async service =>
    {
        await StartAsync(service);
        await StopAsync(service);
    });

    [TestCaseSource(nameof(Services))]
    public Task Service_StopsTwice(Type type, bool isRedisThere) => CheckAsync(type, isRedisThere, async service =>
    {
        await StartAsync(service);
        await Task.WhenAll(StopAsync(service), StopAsync(service));
        await StopAsync(service);
    });

    [TestCaseSource(nameof(Services))]
    public Task Service_StopsWithoutAStart(Type type, bool isRedisThere) => CheckAsync(type, isRedisThere, StopAsync);

    [TestCaseSource(nameof(Services))]
    public Task Service_StartsOnce_WhenItIsStartedTwiceAndAgainAfterTheStop(Type type, bool isRedisThere) =>
        CheckAsync(type, isRedisThere, async service =>
        {
            await StartAsync(service);
            await StartAsync(service);
            await StopAsync(service);
            await StartAsync(service);
            await StopAsync(service);
        });

    [TestCaseSource(nameof(Services))]
    public Task Service_StopsQuietly_WhenTheStartIsCancelled(Type type, bool isRedisThere) =>
        CheckAsync(type, isRedisThere, async service =>
        {
            using var before = new CancellationTokenSource();
            await before.CancelAsync();
            await StartAsync(service, before.Token);
            await StopAsync(service);
        });

    [TestCaseSource(nameof(Services))]
    public Task Service_StopsQuietly_WhileItStarts(Type type, bool isRedisThere) =>
        CheckAsync(type, isRedisThere, async service =>
        {
            using var during = new CancellationTokenSource();
            var starting = StartAsync(service, during.Token);
            await during.CancelAsync();
            await Task.WhenAll(starting, StopAsync(service));
            await StopAsync(service);
        });

    [Test]
    public void Services_AreFoundInTheProjects() => Assert.That(
        Services().Select(test => ((Type)test.Arguments[0]!).Name),
        Is.SupersetOf(new[] { "QueueServer", "QueueScheduler", "OutboxRelay", "OpsServer", "LayoutGuard" }));

    [Test]
    public async Task Host_EndsQuietly_WhenAServiceOfTheApplicationStopsItWhileItStarts()
    {
        using var host = Build(isRedisThere: true, services => services.Insert(
            0, ServiceDescriptor.Singleton<IHostedService, StopsTheHost>()));

        await host.RunAsync().WaitAsync(Patience);

        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False, "no worker started");
    }

    private static IEnumerable<TestCaseData> Services()
    {
        var assemblies = Directory.GetFiles(AppContext.BaseDirectory, "Mirai.*.dll")
            .Where(file => !Path.GetFileName(file).Contains(".Test", StringComparison.Ordinal))
            .Select(file => Assembly.Load(AssemblyName.GetAssemblyName(file)));
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsService))
        {
            yield return new TestCaseData(type, true).SetArgDisplayNames(type.Name, "Redis is there");
            yield return new TestCaseData(type, false).SetArgDisplayNames(type.Name, "Redis is away");
        }
    }

    private static bool IsService(Type type) => type is { IsClass: true, IsAbstract: false, Namespace: not null }
        && type.IsAssignableTo(typeof(IHostedService))
        && type.Namespace.StartsWith("Mirai.", StringComparison.Ordinal);

    private async Task CheckAsync(Type type, bool isRedisThere, Func<IHostedService, Task> scenario)
    {
        using var host = Build(isRedisThere);
        await ((IHostedLifecycleService)host.Services.GetServices<IHostedService>().Single(
            service => service.GetType().Name == "DatabaseMigration")).StartingAsync(CancellationToken.None);
        var service = host.Services.GetServices<IHostedService>().FirstOrDefault(service => service.GetType() == type)
            ?? (IHostedService)ActivatorUtilities.CreateInstance(host.Services, type);

        await scenario(service).WaitAsync(Patience);

        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False, "a worker that stopped is listed");
    }

    private static async Task StartAsync(IHostedService service, CancellationToken cancellationToken = default)
    {
        var lifecycle = service as IHostedLifecycleService;
        await (lifecycle?.StartingAsync(cancellationToken) ?? Task.CompletedTask);
        await service.StartAsync(cancellationToken);
        await (lifecycle?.StartedAsync(cancellationToken) ?? Task.CompletedTask);
    }

    private static async Task StopAsync(IHostedService service)
    {
        var lifecycle = service as IHostedLifecycleService;
        await (lifecycle?.StoppingAsync(CancellationToken.None) ?? Task.CompletedTask);
        await service.StopAsync(CancellationToken.None);
        await (lifecycle?.StoppedAsync(CancellationToken.None) ?? Task.CompletedTask);
    }

    private IHost Build(bool isRedisThere, Action<IServiceCollection>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("mirai-hosted").FullName;
        folders.Add(folder);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args =
            [
                $"--REDIS_URL={(isRedisThere ? RedisUrl : NoRedis)}", "--Ops:Port=0", "--Queue:DrainLegacy=true",
                $"--ConnectionStrings:Mirai=Data Source={Path.Combine(folder, "mirai.db")}",
                "--Queue:Server:ShutdownTimeout=00:00:01",
            ],
            ContentRootPath = folder,
        });
        builder.Logging.ClearProviders();
        builder.AddMiraiWorker();
        configure?.Invoke(builder.Services);

        return builder.Build();
    }

    private sealed class StopsTheHost(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
