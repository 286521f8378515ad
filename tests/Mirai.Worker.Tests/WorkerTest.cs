using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform;
using Mirai.Platform.Changes;
using Mirai.Platform.Documents;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Worker.Tests;

/// <summary>A test with workers and producers on the Redis and the database of the test.</summary>
internal abstract class WorkerTest : RedisTest
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected static readonly DocumentContent Note = new(
        "note.md", "text/markdown", "# Hello\n\nbig world"u8.ToArray());

    private readonly List<IHost> hosts = [];

    protected string Folder { get; private set; } = null!;

    protected TestDatabase Database { get; private set; } = null!;

    protected string ConnectionString => Database.ConnectionString;

    [SetUp]
    public async Task CreateFolderAsync()
    {
        Folder = Directory.CreateTempSubdirectory("mirai-worker-").FullName;
        Database = await TestDatabase.CreateAsync(TestDatabase.DefaultKind);
    }

    [TearDown]
    public async Task StopHostsAsync()
    {
        foreach (var host in hosts)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        hosts.Clear();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Builds the worker in this process, as its program does. Settings win over its appsettings.json.
    /// </summary>
    protected IHost Worker(params string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            // Without polls: tests count attempts.
            Args =
            [
                $"--REDIS_URL={RedisUrl}", $"--ConnectionStrings:Mirai={ConnectionString}",
                "--Polls:Interval=1.00:00:00",
                "--Ops:Port=-1",
                .. settings,
            ],
            ContentRootPath = AppContext.BaseDirectory,
        });
        var host = builder.AddMiraiWorker().Build();
        hosts.Add(host);

        return host;
    }

    /// <summary>Starts a host with the services of the API: platform and client, and no worker.</summary>
    protected async Task<IHost> ProducerAsync(string? redisUrl = null, params string[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args =
            [
                $"--REDIS_URL={redisUrl ?? RedisUrl}", $"--ConnectionStrings:Mirai={ConnectionString}", .. settings,
            ],
        });
        builder.Services.AddMiraiPlatform(builder.Configuration);
        builder.Services.AddMiraiQueue(builder.Configuration).AddJsonContext(PlatformTasksJson.Default);
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();

        return host;
    }

    protected static DocumentStore Documents(IHost host) => host.Services.GetRequiredService<DocumentStore>();

    protected static IQueueClient Client(IHost host) => host.Services.GetRequiredService<IQueueClient>();

    protected static IQueueInspector Inspector(IHost host) => host.Services.GetRequiredService<IQueueInspector>();

    protected static async Task<Document> FinishedAsync(IHost host, Guid id)
    {
        using var limit = new CancellationTokenSource(Patience);
        var changes = await host.Services.GetRequiredService<ChangeFeed>().SubscribeAsync(limit.Token);
        await using var change = changes.GetAsyncEnumerator(limit.Token);
        while (true)
        {
            if (await Documents(host).FindAsync(id, limit.Token) is { FinishedAt: not null } document)
            {
                return document;
            }

            await change.MoveNextAsync();
        }
    }

    /// <summary>Waits until the queue "default" has counted that many attempts.</summary>
    protected static Task ProcessedAsync(int attempts) =>
        WaitUntilAsync(async () => (long)await Redis.StringGetAsync("asynq:{default}:processed") >= attempts);

    protected static Task WaitUntilAsync(Func<Task<bool>> condition) =>
        RedisWait.UntilAsync(condition, Patience, "the condition of the test");

    protected Task<string[]> QueryAsync(string sql) => Database.QueryAsync(sql);
}
